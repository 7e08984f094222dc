import collections
import os
import unittest

import torch

from .batches import Encoder, Hugging, Masked, Output, TwoInputs
from .support import Case, read_safetensors

nn = torch.nn


class Optional(nn.Module):
    """Arguments between those that are given, and some that have no name."""

    def __init__(self):
        super().__init__()
        self.head = nn.Linear(4, 3)

    def forward(self, x, scale=2.0, shift=None, **others):
        x = x * scale if scale is not None else x
        return self.head(x if shift is None else x + shift) + sum(others.values(), torch.zeros(()))


class Several(nn.Module):
    """Returns what it is told to."""

    def __init__(self, give):
        super().__init__()
        self.head = nn.Linear(4, 3)
        self.give = give

    def forward(self, x):
        return self.give(self.head(x), x)


class Scaled(nn.Module):
    """Its outputs depend on an attribute, which no checkpoint holds."""

    def __init__(self):
        super().__init__()
        self.head = nn.Linear(4, 3)
        self.depth = [1]

    def forward(self, x, mask):
        return self.head(x * mask) * len(self.depth)


class TheInputs(Case):
    """What the client makes of batches; that the engine measures the same is tested through it (batches.py)."""

    def setUp(self):
        super().setUp()
        self.rows = torch.randint(0, 7, (8,))
        self.mask = torch.rand(8, 4) > 0.4

    def written(self, model, inputs, steps=1, **options):
        """The names of the inputs, their tensors, and the exported program with the last checkpoint's weights."""
        monitor = self.monitor(model, inputs=inputs, every=1, **options)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
        for _ in range(steps):
            monitor.step(optimizer, 1.0)
            self.settle(monitor)
        self.assertTrue(monitor.active)
        self.emitted = monitor
        names = self.manifest().get("inputs")
        probe = read_safetensors(self.path("probe.safetensors"))
        tensors = [probe["inputs." + name] for name in names] if names else [probe["inputs"]]
        script = torch.jit.load(self.path("model.pt"))
        state = dict(list(script.named_parameters()) + list(script.named_buffers()))
        with torch.no_grad():
            for name, tensor in self.checkpoint(steps)[0].items():
                state[name].copy_(tensor)
        return names, tensors, script

    def same(self, model, inputs, expected, names, **options):
        found, tensors, script = self.written(model, inputs, **options)
        self.assertEqual(names, found)
        self.assertTrue(torch.allclose(expected, script(*tensors), atol=1e-6))
        return tensors

    def test_in_a_tuple_have_the_names_of_the_arguments(self):
        model = TwoInputs()
        x, rows = self.same(model, (self.inputs, self.rows.int()), model(self.inputs, self.rows), ["x", "row"])
        self.assertEqual((torch.float32, torch.int64), (x.dtype, rows.dtype))
        self.assertIn("table.weight", self.checkpoint(1)[0])

    def test_in_a_mapping_come_in_the_order_of_the_arguments_and_masks_stay_truth_values(self):
        model, ids = Masked(), torch.randint(0, 7, (8, 4))
        self.mask[:, 0] = False
        given = collections.UserDict(padding=self.mask, ids=ids)
        tensors = self.same(model, given, model(ids, self.mask), ["ids", "padding"])
        self.assertEqual((torch.int64, torch.bool), (tensors[0].dtype, tensors[1].dtype))
        self.assertIn("layer.project.weight", self.checkpoint(1)[0])

    def test_alone_are_what_they_were_and_a_mask_has_a_name(self):
        model = nn.Linear(4, 3)
        self.assertIsNone(self.written(model, self.inputs)[0])

        class OfMask(nn.Linear):
            def forward(self, mask):
                return super().forward((~mask).to(self.weight.dtype))

        model = OfMask(4, 3)
        self.same(model, self.mask, model(self.mask), ["mask"], run="a-run", directory=os.path.join(self.folder, "other"))

    def path(self, *parts):
        other = os.path.join(self.folder, "other", "a-run")
        return os.path.join(other, *parts) if os.path.exists(other) else super().path(*parts)

    def test_that_are_None_are_given_as_None_or_left_out(self):
        model = Optional()
        given = {"shift": self.inputs * 0.5, "scale": None, "x": self.inputs}
        self.same(model, given, model(**given), ["x", "shift"])

    def test_between_which_arguments_are_left_out(self):
        model = Optional()
        given = {"more": self.inputs[:, :3], "x": self.inputs, "shift": self.inputs}
        self.same(model, given, model(**given), ["x", "shift", "more"])

    def test_by_position_with_None_between(self):
        model = Optional()
        self.same(model, (self.inputs, None, self.inputs), model(self.inputs, None, self.inputs), ["x", "shift"])

    def test_may_be_one_argument(self):
        class Whole(nn.Module):
            def __init__(self):
                super().__init__()
                self.head = nn.Linear(4, 3)

            def forward(self, batch):
                x, mask = (batch["x"], batch["mask"]) if isinstance(batch, dict) else batch
                return self.head(x * mask)

        model = Whole()
        expected = model.head(self.inputs * self.mask)
        self.same(model, {"x": self.inputs, "mask": self.mask}, expected, ["x", "mask"])
        self.same(model, [self.inputs, self.mask], expected, ["0", "1"], directory=os.path.join(self.folder, "other"))

    def test_reach_a_forward_of_the_users_as_they_are(self):
        model, seen = TwoInputs(), []

        def forward(network, batch):
            seen.append(batch)
            return Output(logits=network(batch["x"], batch["row"]))

        given = {"x": self.inputs, "note": None, "row": self.rows}
        self.same(model, given, model(self.inputs, self.rows), ["x", "row"], forward=forward)
        self.assertEqual([["x", "note", "row"]], [list(batch) for batch in seen[:1]])
        self.assertIsNone(seen[0]["note"])

    def test_name_the_targets(self):
        model = TwoInputs()
        given = {"x": self.inputs, "labels": self.classes, "row": self.rows}
        self.same(model, given, model(self.inputs, self.rows), ["x", "row"], targets="labels")
        self.assertTrue(torch.equal(self.classes, read_safetensors(self.path("probe.safetensors"))["targets"]))

    def test_of_a_script_are_matched_too(self):
        model = torch.jit.script(TwoInputs())
        self.same(model, {"row": self.rows, "x": self.inputs}, model(self.inputs, self.rows), ["x", "row"])

    def test_of_a_model_whose_forward_was_replaced(self):
        model = Hugging()
        ids, kept = torch.randint(0, 7, (8, 4)), torch.ones(8, 4, dtype=torch.int64)
        own = model.forward
        model.forward = lambda *values, **named: own(*values, **named)
        given = {"input_ids": ids, "attention_mask": kept}
        self.same(model, given, own(ids, kept).logits, ["input_ids", "attention_mask"])

    def test_are_compared_with_the_live_model_as_one_is(self):
        model = Scaled()
        inputs = {"mask": self.mask, "x": self.inputs}
        self.written(model, inputs, steps=2)
        self.assertEqual((0, True), (self.emitted.different, self.emitted._comparison._able))
        model.depth.append(1)
        with self.one_warning("outputs of the exported program differ"):
            for _ in range(2):
                self.emitted.step(torch.optim.SGD(model.parameters(), lr=0.0), 1.0)
                self.settle(self.emitted)
        self.assertEqual(1, self.emitted.different)

    def test_with_padding_are_computed_as_in_training(self):
        """Without gradients torch's encoder leaves zeros in the place of padding: no difference of the model's."""
        model, padding = Encoder(), torch.zeros(8, 5, dtype=torch.bool)
        padding[:, 3:] = True
        ids, targets = torch.randint(0, 7, (8, 5)), torch.randint(0, 3, (8, 5))
        names, tensors, script = self.written(model, {"padding": padding, "input_ids": ids}, steps=4,
                                              targets=targets.masked_fill(padding, -100), loss=nn.CrossEntropyLoss())
        self.assertEqual((0, True), (self.emitted.different, self.emitted._comparison._able))
        expected = model.eval()(ids, padding=padding)["logits"]
        self.assertTrue(torch.allclose(expected, script(*tensors), atol=1e-6))
        self.assertTrue(model.train().training)

    def test_are_the_same_run_again_whatever_their_order_in_the_mapping(self):
        for given in ({"x": self.inputs, "row": self.rows}, {"row": self.rows, "x": self.inputs}):
            torch.manual_seed(1)
            model = TwoInputs()
            with self.monitor(model, inputs=given) as monitor:
                monitor.step(torch.optim.SGD(model.parameters(), lr=0.1), 1.0)
            self.assertEqual((True, 1), (not monitor._disabled, monitor.delivered))


class TheOutputs(Case):
    def chosen(self, give, **options):
        model = Several(give)
        monitor = self.monitor(model, run="run-%d" % len(os.listdir(self.folder)), **options)
        monitor.step(torch.optim.SGD(model.parameters(), lr=0.0), 1.0)
        self.settle(monitor)
        script = torch.jit.load(os.path.join(self.folder, monitor.run, "model.pt"))
        tensors = read_safetensors(os.path.join(self.folder, monitor.run, "checkpoints", "step-00000001.safetensors"))
        with torch.no_grad():
            for name, tensor in script.named_parameters():
                tensor.copy_(tensors[name])
        self.assertTrue(torch.allclose(model.head(self.inputs), script(self.inputs), atol=1e-6))

    def test_are_the_logits_among_several(self):
        pair = collections.namedtuple("pair", "state logits")
        self.chosen(lambda z, x: {"hidden": x, "logits": z})
        self.chosen(lambda z, x: Output(logits=z, hidden=x))
        self.chosen(lambda z, x: pair(x, z))

    def test_are_the_only_ones_of_the_samples(self):
        self.chosen(lambda z, x: (z, None, (x, x)))
        self.chosen(lambda z, x: [x.mean(), z])
        self.chosen(lambda z, x: {"loss": x.mean(), "scores": z, "cache": None})

    def test_are_asked_for_where_they_cannot_be_told(self):
        for give, told in ((lambda z, x: (z, x), "tuple of tensors 0 [3, 3], 1 [3, 4]"),
                           (lambda z, x: {"a": z, "b": x}, "dict of tensors a [3, 3], b [3, 4]"),
                           (lambda z, x: None, "NoneType"), (lambda z, x: {"loss": z.sum()}, "loss []")):
            with self.one_warning("forward=", "logits", told):
                self.assertFalse(self.monitor(Several(give)).active)


class Refusals(Case):
    """One line each, which names the entry."""

    def refused(self, inputs, *fragments, model=None, **options):
        with self.subTest(fragments=fragments), self.one_warning("not monitored", *fragments):
            self.assertFalse(self.monitor(model or TwoInputs(), inputs=inputs, **options).active)

    def test_of_entries_that_do_not_fit(self):
        x, row = self.inputs, torch.zeros(8, dtype=torch.int64)
        self.refused({"x": x, "row": ["a"] * 8}, "probe_inputs['row'] is a list", "must be tensors")
        self.refused((x, 3), "probe_inputs[1] is a int")
        self.refused({"x": x, "row": row[:7]}, "probe_inputs['row'] have shape [7]", "[8]", "same N")
        self.refused({"x": x, "row": torch.tensor(1)}, "probe_inputs['row'] have shape []")
        self.refused({"x": x * float("inf"), "row": row}, "probe_inputs['x'] hold NaN or an infinity")
        self.refused({"x": x.to(torch.complex64), "row": row}, "probe_inputs['x'] are complex")
        self.refused({"x": x, "row": row, "mask": x > 0}, "probe_inputs['mask']", "forward takes (x, row)")
        self.refused({"x": x}, "needs row")
        self.refused((x, row, row), "3 tensors", "takes x, row")
        self.refused({"x": None}, "hold no tensor")
        self.refused({}, "hold no tensor")
        self.refused(7, "probe_inputs is a int")
        self.refused((row, x), "cannot be called with probe_inputs", "x [3]", "row [3, 4]")
        self.refused({"x": x, "row": row}, "probe_targets is 'labels'", targets="labels")
        self.refused(x, "probe_targets is 'labels'", targets="labels", model=nn.Linear(4, 3))


if __name__ == "__main__":
    unittest.main()
