import json
import os
import unittest
import warnings

import torch

from .support import Case, Monitor, MonitorWarning, read_safetensors

nn = torch.nn


def model():
    return nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3))


class Losses(Case):
    """What run.json says of the loss; that the engine measures the same is tested through it (models.py)."""

    def told(self, loss, network=None, **options):
        network = network or model()
        monitor = self.monitor(network, loss=loss, run="run-%d" % len(os.listdir(self.folder)), **options)
        optimizer = torch.optim.SGD([p for p in network.parameters() if p.requires_grad], lr=0.1)
        monitor.step(optimizer, 1.0)
        self.settle(monitor)
        self.assertTrue(monitor.active)
        with open(os.path.join(self.folder, monitor.run, "run.json")) as file:
            return json.load(file), os.path.join(self.folder, monitor.run)

    def test_plain_ones_are_a_name(self):
        for loss in ("cross_entropy", nn.CrossEntropyLoss(), torch.nn.functional.cross_entropy,
                     nn.CrossEntropyLoss(ignore_index=7)):
            self.assertEqual("cross_entropy", self.told(loss)[0]["loss"])

    def test_options_are_told(self):
        loss = nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 0.5]), ignore_index=1, label_smoothing=0.1)
        told, folder = self.told(loss)
        self.assertEqual({"kind": "cross_entropy", "weight": "loss.weight", "ignore_index": 1, "label_smoothing": 0.1}, told["loss"])
        probe = read_safetensors(os.path.join(folder, "probe.safetensors"))
        self.assertTrue(torch.equal(loss.weight, probe["loss.weight"]))

    def test_numbers_of_targets_are_kept_as_they_are(self):
        network = nn.Sequential(model(), nn.Flatten(0))
        told, folder = self.told(nn.HuberLoss(delta=0.5), network, inputs=torch.randn(8, 4), targets=torch.randn(24).reshape(8, 3),
                                 forward=lambda m, x: m(x).view(-1, 3))
        self.assertEqual({"kind": "huber", "delta": 0.5}, told["loss"])
        self.assertEqual([8, 3], list(read_safetensors(os.path.join(folder, "probe.safetensors"))["targets"].shape))

    def test_a_function_goes_along_as_a_program(self):
        told, folder = self.told(lambda outputs, targets: nn.functional.multi_margin_loss(outputs, targets))
        self.assertEqual({"kind": "script", "file": "loss.pt"}, told["loss"])
        script = torch.jit.load(os.path.join(folder, "loss.pt"))
        outputs = torch.randn(5, 3)
        self.assertAlmostEqual(float(nn.functional.multi_margin_loss(outputs, self.classes[:5])),
                               float(script(outputs, self.classes[:5])), 6)

    def test_a_mean_that_is_none_over_samples_is_measured_over_the_set_as_a_whole(self):
        def masked(outputs, targets):
            counted = (targets > 0).float()
            return (nn.functional.cross_entropy(outputs, targets, reduction="none") * counted).sum() / counted.sum()

        told, _ = self.told(masked, micro_batch=2, targets=torch.tensor([0, 1, 2, 0, 0, 1, 1, 2]))
        self.assertEqual(({"kind": "script", "file": "loss.pt", "couples": True}, 8), (told["loss"], told["micro_batch"]))

    def test_boolean_targets_stay_so(self):
        def chosen(outputs, targets):
            return torch.where(targets, outputs, -outputs).exp().mean()

        told, folder = self.told(chosen, targets=torch.rand(8, 3) > 0.5)
        script = torch.jit.load(os.path.join(folder, "loss.pt"))
        outputs, targets = torch.randn(8, 3), torch.rand(8, 3) > 0.5
        self.assertAlmostEqual(float(chosen(outputs, targets)), float(script(outputs, targets.long())), 6)

    def refused(self, loss, *fragments, **options):
        with self.one_warning("not monitored", *fragments):
            monitor = self.monitor(options.pop("network", None) or model(), loss=loss, **options)
            self.assertFalse(monitor.active)

    def test_refusals(self):
        self.refused(lambda outputs, targets: nn.functional.cross_entropy(outputs, targets, reduction="sum"), "sum over the batch")
        self.refused(lambda outputs, targets: outputs, "[8, 3]", "one number")
        self.refused(lambda outputs, targets: torch.tensor(1.0), "does not depend")
        self.refused(nn.CrossEntropyLoss(ignore_index=5), "nothing but", targets=torch.full((8,), 5))
        trained = nn.Linear(3, 1)
        trained.forward = lambda outputs, targets: outputs.mean()
        self.refused(trained, "trained parameters of its own")
        self.refused("cross_entropy", "[N, K, T] or [N, T, K]", network=nn.Linear(4, 3), inputs=torch.randn(8, 3, 4),
                     targets=torch.randint(0, 3, (8, 3)))


class Trained(Case):
    def manifest_of(self, network, held, **options):
        monitor = self.monitor(network, **options)
        monitor.step(torch.optim.SGD(held, lr=0.1), 1.0)
        self.settle(monitor)
        return self.manifest()

    def test_all_are_not_listed(self):
        network = model()
        self.assertNotIn("parameters", self.manifest_of(network, network.parameters()))

    def test_frozen_ones_are_left_out(self):
        network = model()
        network[0].weight.requires_grad_(False)
        told = self.manifest_of(network, [p for p in network.parameters() if p.requires_grad])
        self.assertEqual(["0.bias", "2.weight", "2.bias"], told["parameters"])

    def test_those_of_no_group_are_left_out(self):
        network = model()
        self.assertEqual(["2.weight", "2.bias"], self.manifest_of(network, network[2].parameters())["parameters"])

    def test_a_module_can_be_chosen(self):
        network = model()
        told = self.manifest_of(network, network.parameters(), parameters=["2", "0.b*"])
        self.assertEqual(["0.bias", "2.weight", "2.bias"], told["parameters"])

    def test_a_tied_one_goes_by_either_name(self):
        network = nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4), nn.Linear(4, 3))
        network[2].weight = network[0].weight
        self.assertEqual(["0.weight"], self.manifest_of(network, network.parameters(), parameters="2.weight")["parameters"])

    def test_no_such_module(self):
        with self.one_warning("'heads.*'", "0.weight"):
            self.assertFalse(self.monitor(model(), parameters="heads.*").active)

    def test_modules_are_asked_for(self):
        network = model()
        told = self.manifest_of(network, network.parameters(), modules=["2", "*.bias"])
        self.assertEqual({"modules": ["2", "*.bias"]}, told["monitoring"])
        self.assertNotIn("parameters", told)

    def test_one_module_can_be_a_text(self):
        network = nn.Sequential(model(), nn.Linear(3, 3))
        told = self.manifest_of(network, network.parameters(), modules="0.?", forward=lambda m, x: m(x))
        self.assertEqual({"modules": ["0.?"]}, told["monitoring"])

    def test_modules_that_the_model_does_not_have(self):
        for modules, fragments in (("heads.*", ("modules='heads.*'", "0.weight")), (["0", "heads"], ("modules='heads'",)),
                                   ([], ("0 patterns", "1 to 32")), (["0", "0"], ("each once",)), ([3], ("holds 3",)),
                                   (["0", " "], ("holds ' '",)), (["%d" % i for i in range(33)], ("33 patterns",))):
            with self.one_warning("not monitored", *fragments):
                self.assertFalse(self.monitor(model(), modules=modules).active)

    def test_modules_that_are_not_trained_or_come_twice(self):
        network = model()
        network[0].weight.requires_grad_(False)
        for modules, fragments in ((["0.weight", "2"], ("'0.weight'", "no parameter that is trained")),
                                   (["0", "0.bias"], ("'0'", "'0.bias'", "leave one out"))):
            monitor = self.monitor(network, modules=modules, every=1)
            with self.one_warning("not monitored", *fragments):
                monitor.step(torch.optim.SGD(network.parameters(), lr=0.1), 1.0)
            self.assertFalse(monitor.active)

    def test_others_later_are_another_run(self):
        network = model()
        network[0].weight.requires_grad_(False)
        optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
        monitor = self.monitor(network, every=1)
        monitor.step(optimizer, 1.0)
        self.settle(monitor)
        network[0].weight.requires_grad_(True)
        with self.one_warning("other parameters are trained now", "0.weight"):
            monitor.step(optimizer, 1.0)
        self.assertFalse(monitor.active)

    def test_those_that_get_no_gradient_though_they_are_used_are_left_out(self):
        class Stopped(nn.Module):
            def __init__(self):
                super().__init__()
                self.body, self.head, self.spare = nn.Linear(4, 4), nn.Linear(4, 3), nn.Linear(2, 2)

            def forward(self, x):
                with torch.no_grad():
                    h = torch.tanh(self.body(x))
                return self.head(h)

        network = Stopped()
        before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
        told = self.manifest_of(network, network.parameters())
        self.assertEqual(["head.weight", "head.bias", "spare.weight", "spare.bias"], told["parameters"])
        self.assertTrue(all(torch.equal(before[name], tensor) for name, tensor in network.state_dict().items()))

    def test_moments_of_frozen_ones_are_not_needed(self):
        network = model()
        network[0].weight.requires_grad_(False)
        optimizer = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], lr=0.1)
        monitor = self.monitor(network, second_moments=True, every=1)
        self.train(monitor, network, optimizer, 1)
        tensors, _ = self.checkpoint(1)
        self.assertEqual(["optimizer.exp_avg_sq.0.bias", "optimizer.exp_avg_sq.2.bias", "optimizer.exp_avg_sq.2.weight"],
                         sorted(name for name in tensors if name.startswith("optimizer.")))


class Programs(Case):
    def exported(self, network, **options):
        monitor = self.monitor(network, **options)
        monitor.step(torch.optim.SGD(network.parameters(), lr=0.0), 1.0)
        self.settle(monitor)
        return torch.jit.load(self.path("model.pt"))

    def test_that_would_differ_by_a_gradient_are_refused(self):
        class Stopped(nn.Module):
            def __init__(self):
                super().__init__()
                self.body, self.head = nn.Linear(4, 4), nn.Linear(4, 3)

            def forward(self, x, **unknown):  # cannot be scripted, and a trace forgets the context
                with torch.no_grad():
                    h = self.body(x)
                return self.head(torch.tanh(h))

        with self.one_warning("gradient of body"):
            self.assertFalse(self.monitor(Stopped()).active)

    def test_that_return_a_pair_when_scripted_are_traced(self):
        class Pair(nn.Module):
            def __init__(self):
                super().__init__()
                self.head = nn.Linear(4, 3)

            def forward(self, x):
                if torch.jit.is_scripting():
                    return self.head(x), x
                return self.head(x)

        network = Pair()
        self.assertEqual((8, 3), tuple(self.exported(network)(self.inputs).shape))

    def test_that_decide_on_late_samples_are_refused(self):
        class Late(nn.Module):
            def __init__(self):
                super().__init__()
                self.head = nn.Linear(4, 3)

            def forward(self, x, **unknown):
                return self.head(x) * 2 if bool((x > 50).any()) else self.head(x)

        inputs = self.inputs.clone()
        inputs[-1] = 100
        with self.one_warning("outputs of sample 7", "traced"):
            self.assertFalse(self.monitor(Late(), inputs=inputs, micro_batch=4).active)

    def test_with_names_beyond_ASCII(self):
        class Named(nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = nn.ModuleDict({"größe": nn.Linear(4, 3)})

            def forward(self, x):
                return self.layers["größe"](x)

        network = Named()
        script = self.exported(network)
        self.assertEqual(["layers.größe.weight", "layers.größe.bias"], [name for name, _ in script.named_parameters()])
        self.assertIn("layers.größe.bias", self.checkpoint(1)[0])

    def test_with_complex_parameters_are_refused_by_name(self):
        class Wave(nn.Module):
            def __init__(self):
                super().__init__()
                self.filter = nn.Parameter(torch.randn(3, dtype=torch.cfloat))

            def forward(self, x):
                return torch.fft.irfft(torch.fft.rfft(x) * self.filter, n=4)[:, :3]

        with self.one_warning("filter is complex", "view_as_complex"):
            self.assertFalse(self.monitor(Wave()).active)

    def test_keep_frozen_batch_norms(self):
        network = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.Tanh(), nn.BatchNorm1d(3))
        network[1].eval()
        modes = {name: module.training for name, module in self.exported(network, batch_norm="train").named_modules()}
        self.assertEqual((True, False, True), (modes[""], modes["1"], modes["3"]))

    def test_that_were_put_into_evaluation_as_a_whole_have_no_frozen_layer(self):
        network = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3)).eval()
        self.assertFalse(any(m.training for m in self.exported(network, batch_norm="train").modules()))

    def test_with_sparse_embeddings_are_compared(self):
        network = nn.Sequential(nn.EmbeddingBag(6, 4, mode="sum", sparse=True), nn.Linear(4, 3))
        script = self.exported(network, inputs=torch.randint(0, 6, (8, 5)))
        self.assertEqual((8, 3), tuple(script(torch.randint(0, 6, (8, 5))).shape))


class Comparison(Case):
    def test_leaves_no_gradient_and_runs_no_hook_of_the_training(self):
        network, seen = model(), []
        for parameter in network.parameters():
            parameter.grad = torch.ones_like(parameter)
        self.monitor(network)
        self.assertTrue(all(bool((p.grad == 1).all()) for p in network.parameters()))

    def test_messages_are_short(self):
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            Monitor("a-run", model(), "x" * 5000, self.inputs, self.classes, directory=self.folder)
        (message,) = [str(w.message) for w in told if issubclass(w.category, MonitorWarning)]
        self.assertLessEqual(len(message), 300)


if __name__ == "__main__":
    unittest.main()
