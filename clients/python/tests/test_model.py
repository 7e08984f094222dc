import os
import unittest
import warnings

import torch

from .support import Case, Mlp, Monitor, MonitorWarning


class Tied(torch.nn.Module):
    """The head is the embedding, and a parameter of the root comes before both."""

    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Embedding(5, 4)
        self.head = torch.nn.Linear(4, 5, bias=False)
        self.head.weight = self.embedding.weight
        self.scale = torch.nn.Parameter(torch.ones(1))
        self.again = self.head

    def forward(self, x):
        return self.again(self.embedding(x).mean(1)) * self.scale


class NotScriptable(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(4, 3)

    def forward(self, x, **unknown):
        return self.linear(x)


class BatchDependent(NotScriptable):
    def forward(self, x, **unknown):
        return self.linear(x) + len(x)


class Random(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(4, 3)

    def forward(self, x, **unknown):
        return self.linear(torch.nn.functional.dropout(x, 0.5))


class Louder(torch.nn.Module):
    """Computes something else in training mode, and remembers that it did."""

    def __init__(self):
        super().__init__()
        self.seen = []
        self.register_buffer("calls", torch.zeros(1))

    def forward(self, x):
        if self.training:
            self.seen.append(len(x))
            self.calls += 1
            return x * 1.5
        return x


class NormByFunction(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(4))
        self.register_buffer("variance", torch.ones(4))

    def forward(self, x):
        return torch.nn.functional.batch_norm(x, self.mean, self.variance, training=self.training)


class DroppedByFunction(torch.nn.Module):
    def forward(self, x):
        return torch.nn.functional.dropout(x, 0.5, self.training)


class TwoHeads(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(4, 3)

    def forward(self, x):
        return (self.linear(x), x) if self.training else self.linear(x)


class TheModel(Case):
    def test_a_branch_of_training_mode_is_told_with_its_module(self):
        louder = Louder()
        model = torch.nn.Sequential(torch.nn.Linear(4, 6), torch.nn.Sequential(louder, torch.nn.Tanh()), torch.nn.Linear(6, 3))
        with self.one_warning("in training mode the outputs of 1.0 are others", "evaluation mode"):
            monitor = self.monitor(model)
        self.assertTrue(monitor.active and model.training and louder.training)
        self.assertEqual(([], 0.0), (louder.seen, louder.calls.item()))  # of a copy alone

    def test_other_outputs_in_training_mode_are_told(self):
        with self.one_warning("the outputs of TwoHeads are others"):
            self.monitor(TwoHeads())

    def test_dropout_and_norms_of_training_mode_are_no_branch(self):
        layers = [NormByFunction(), torch.nn.BatchNorm1d(4), DroppedByFunction(), torch.nn.Dropout(0.5), Mlp()]
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            self.monitor(torch.nn.Sequential(*layers))
        self.assertEqual([], [str(warning.message) for warning in told if issubclass(warning.category, MonitorWarning)])
        self.assertEqual([0.0] * 4, layers[0].mean.tolist())

    def exported(self, model, **options):
        inputs = options.get("inputs", self.inputs)
        monitor = self.monitor(model, **options)
        monitor.step(torch.optim.SGD(model.parameters(), lr=0.0), 1.0)
        self.settle(monitor)
        script = torch.jit.load(self.path("model.pt"))
        tensors, _ = self.checkpoint(1)
        state = dict(list(script.named_parameters()) + list(script.named_buffers()))
        with torch.no_grad():
            for name, tensor in tensors.items():
                state[name].copy_(tensor)
        return script, tensors, script(inputs).detach()

    def test_computes_what_the_model_computes_in_evaluation_mode(self):
        model = Mlp()
        model(self.inputs)  # running statistics of its own
        script, _, outputs = self.exported(model)
        self.assertTrue(torch.allclose(model.eval()(self.inputs), outputs, atol=1e-6))
        self.assertFalse(any(module.training for module in script.modules()))

    def test_keeps_its_modes(self):
        model = Mlp()
        model.norm.eval()
        self.monitor(model)
        self.assertEqual([True, True, False, True, True], [module.training for module in model.modules()])

    def test_keeps_its_weights_statistics_and_gradients(self):
        model = Mlp()
        before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        self.monitor(model)
        for name, tensor in model.state_dict().items():
            self.assertTrue(torch.equal(before[name], tensor), name)
        self.assertTrue(all(p.grad is None for p in model.parameters()))

    def test_costs_the_training_no_random_number(self):
        torch.manual_seed(3)
        expected = torch.rand(4)
        torch.manual_seed(3)
        model = Random()
        torch.manual_seed(3)
        self.monitor(model)
        self.assertTrue(torch.equal(expected, torch.rand(4)))

    def test_has_tied_parameters_once(self):
        tokens = torch.randint(0, 5, (8, 6))
        model = Tied()
        _, tensors, outputs = self.exported(model, inputs=tokens, targets=torch.randint(0, 5, (8,)))
        self.assertEqual(["embedding.weight", "scale"], sorted(tensors))
        self.assertTrue(torch.allclose(model(tokens), outputs))

    def test_is_traced_where_it_cannot_be_scripted(self):
        model = NotScriptable()
        _, tensors, outputs = self.exported(model)
        self.assertEqual(["linear.bias", "linear.weight"], sorted(tensors))
        self.assertTrue(torch.allclose(model(self.inputs), outputs))

    def test_that_depends_on_the_batch_is_not_traced_wrongly(self):
        with self.one_warning("not monitored", "traced", "batch's size"):
            monitor = self.monitor(BatchDependent())
        self.assertFalse(monitor.active)

    def test_with_options_to_its_forward_is_traced(self):
        class WithMask(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.linear = torch.nn.Linear(4, 3)

            def forward(self, x, mask=None):
                return self.linear(x if mask is None else x * mask)

        model = WithMask()
        script, _, outputs = self.exported(model)
        self.assertEqual(2, len(script.forward.schema.arguments))
        self.assertTrue(torch.allclose(model(self.inputs), outputs))

    def test_is_called_as_the_user_says(self):
        class Answer(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.linear = torch.nn.Linear(4, 3)

            def forward(self, input_values, scale=1.0):
                return {"logits": self.linear(input_values) * scale}

        model = Answer()
        _, tensors, outputs = self.exported(model, forward=lambda m, x: m(input_values=x, scale=2.0)["logits"])
        self.assertEqual(["model.linear.bias", "model.linear.weight"], sorted(tensors))
        self.assertTrue(torch.allclose(model(self.inputs, 2.0)["logits"], outputs))

    def test_is_taken_out_of_its_wrappers(self):
        class Compiled(torch.nn.Module):
            """What torch.compile returns looks like this."""

            def __init__(self, model):
                super().__init__()
                self._orig_mod = model

            def forward(self, *arguments):
                raise RuntimeError("not called by the client")

        model = torch.nn.Linear(4, 3)
        _, tensors, _ = self.exported(Compiled(torch.nn.DataParallel(model)))
        self.assertEqual(["bias", "weight"], sorted(tensors))

    def test_may_be_a_ScriptModule_already(self):
        model = torch.jit.script(torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Dropout(0.5)))
        _, tensors, outputs = self.exported(model)
        self.assertEqual(["0.bias", "0.weight"], sorted(tensors))
        self.assertTrue(torch.allclose(model.eval()(self.inputs), outputs))

    def test_may_be_replaced_tensor_by_tensor_after_the_monitor_was_made(self):
        model = torch.nn.Linear(4, 3)
        monitor = self.monitor(model)
        model.weight = torch.nn.Parameter(torch.full((3, 4), 7.0))
        monitor.step(torch.optim.SGD(model.parameters(), lr=0.1), 1.0)
        self.settle(monitor)
        self.assertTrue(torch.equal(torch.full((3, 4), 7.0), self.checkpoint(1)[0]["weight"]))

    def test_has_buffers_that_no_state_dictionary_holds(self):
        model = torch.nn.Linear(4, 3)
        model.register_buffer("shift", torch.ones(3), persistent=False)
        model.register_buffer("count", torch.ones(3, dtype=torch.int64))
        _, tensors, _ = self.exported(model)
        self.assertEqual(["bias", "shift", "weight"], sorted(tensors))

    def test_classifies_positions_of_a_sequence_as_cross_entropy_takes_them(self):
        class Tagger(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.linear = torch.nn.Linear(4, 3)

            def forward(self, x):
                return self.linear(x).transpose(1, 2)

        inputs, targets = torch.randn(8, 6, 4), torch.randint(0, 3, (8, 6))
        self.exported(Tagger(), inputs=inputs, targets=targets)
        with self.one_warning("[3, 6, 3]", "[N, K, T] for targets [N, T]"):
            self.monitor(torch.nn.Linear(4, 3), inputs=inputs, targets=targets, run="wrong")


class Refusals(Case):
    """One line each, and a training that goes on."""

    def refused(self, fragments, model=None, **options):
        model = torch.nn.Linear(4, 3) if model is None else model
        with self.subTest(fragments=fragments), self.one_warning("a-run" if "run" not in options else "curvature", *fragments):
            monitor = self.monitor(model, **options)
            monitor.step(None, None)
            monitor.close()
            self.assertFalse(monitor.active)
            self.assertEqual([], os.listdir(self.folder))

    def test_of_losses_that_are_not_measured(self):
        self.refused(["reduction='sum'"], loss=torch.nn.CrossEntropyLoss(reduction="sum"))
        self.refused(["reduction='none'"], loss=torch.nn.MSELoss(reduction="none"))
        self.refused(["hinge", "cross_entropy"], loss="hinge")

    def test_of_probe_sets_that_do_not_fit(self):
        self.refused(["must be tensors"], inputs=[[1.0]])
        self.refused(["[8, 4]", "[7]", "same N"], targets=torch.zeros(7, dtype=torch.int64))
        self.refused(["-100", "ignore"], targets=torch.full((8,), -100))
        self.refused(["float32 [8]", "class numbers"], targets=torch.zeros(8))
        self.refused(["int64 [8, 1]", "floating-point [N, K]"], loss="mse", targets=self.classes.reshape(8, 1))
        self.refused(["class 3", "3 outputs"], targets=torch.full((8,), 3))
        self.refused(["probe_inputs hold NaN"], inputs=torch.full((8, 4), float("nan")))
        self.refused(["[3, 3]", "the targets' shape"], loss="mse", targets=torch.zeros(8, 2))

    def test_of_models_that_do_not_fit(self):
        self.refused(["torch.nn.Module"], model=lambda x: x)
        self.refused(["cannot be called with probe_inputs [3, 5]", "shapes cannot be multiplied"], inputs=torch.randn(8, 5))
        self.refused(["forward="], model=torch.jit.script(_Pair()))
        self.refused(["no floating-point parameter"], model=torch.nn.Identity(), inputs=torch.randn(8, 3))

    def test_of_arguments_that_make_no_sense(self):
        self.refused(["'../up'", "letters"], run="../up")
        self.refused(["every is 0"], every=0)
        self.refused(["batch_norm is 'off'"], batch_norm="off")
        self.refused(["directory= or url="], directory=None)
        self.refused(["directory= or url="], directory=self.folder, url="http://127.0.0.1:1")
        self.refused(["'127.0.0.1:9464'"], directory=None, url="127.0.0.1:9464")

    def test_do_not_raise_even_where_warnings_are_errors(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            monitor = Monitor("a-run", torch.nn.Linear(4, 3), "hinge", self.inputs, self.classes, directory=self.folder)
        self.assertFalse(monitor.active)


class _Pair(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(4, 3)

    def forward(self, x):
        return self.linear(x), x


if __name__ == "__main__":
    unittest.main()
