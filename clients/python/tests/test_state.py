import json
import os
import shutil
import subprocess
import sys
import unittest

import torch

from .support import Case, Mlp

CLIENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")


class Annealed(torch.nn.Module):
    """What its forward pass reads is more than its parameters."""

    def __init__(self):
        super().__init__()
        self.first, self.last = torch.nn.Linear(4, 5), torch.nn.Linear(5, 3)
        self.temperature = 5.0
        self.depth = 1
        self.register_buffer("mask", torch.ones(5, dtype=torch.bool))

    def forward(self, x):
        x = torch.where(self.mask, torch.tanh(self.first(x)), torch.zeros_like(self.first(x)))
        for _ in range(self.depth - 1):
            x = torch.tanh(x)
        return self.last(x) / self.temperature


class StateCase(Case):
    def outputs(self, run, step):
        """What the bundle's program gives with the tensors of a checkpoint."""
        program = torch.jit.load(os.path.join(self.folder, run, "model.pt")).eval()
        tensors, _ = self.checkpoint(step)
        with torch.no_grad():
            for name, tensor in list(program.named_parameters()) + list(program.named_buffers()):
                if name in tensors:
                    tensor.copy_(tensors[name])
            return program(self.inputs)


class TheStateOfTheStep(StateCase):
    def test_has_numbers_that_the_training_changes(self):
        model = Annealed()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        monitor = self.monitor(model, every=1)
        self.assertEqual(5.0, model.temperature)
        self.assertNotIn("temperature", dict(model.named_buffers()))
        for step in range(1, 5):
            model.temperature = 5.0 / step
            self.train(monitor, model, optimizer, 1)
            self.assertTrue(torch.allclose(self.outputs("a-run", step), model(self.inputs), atol=1e-6))
        self.assertEqual((0, 5.0), (monitor.different, round(float(self.checkpoint(1)[0]["temperature"]), 6)))

    def test_that_no_checkpoint_holds_is_noticed_and_told(self):
        def deeper(model):
            model.depth = 4

        def deeper_still(model):
            model.depth = 7

        def replaced(model):
            model.last = torch.nn.Sequential(torch.nn.Linear(5, 3), torch.nn.Tanh())

        for change in (deeper, deeper_still):
            with self.subTest(change=change.__name__), self.one_warning("the outputs of the exported program differ"):
                model = Annealed()
                monitor = self.monitor(model, every=1, run=change.__name__)
                optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
                self.train(monitor, model, optimizer, 2)
                self.assertEqual(0, monitor.different)
                change(model)
                self.train(monitor, model, optimizer, 3)
                monitor.close()
                self.assertEqual(2, monitor.different)
                with open(os.path.join(self.folder, monitor.run, "checkpoints", "step-00000004.json")) as file:
                    self.assertGreater(json.load(file)["difference"], 1e-3)
        with self.one_warning("not monitored"):
            model = Annealed()
            monitor = self.monitor(model, every=1, run="replaced")
            self.train(monitor, model, torch.optim.SGD(model.parameters(), lr=0.1), 1)
            replaced(model)
            self.train(monitor, model, torch.optim.SGD(model.parameters(), lr=0.1), 1)

    def test_follows_modules_and_parameters_that_are_replaced(self):
        model = Mlp()
        monitor = self.monitor(model, every=1)
        self.train(monitor, model, torch.optim.SGD(model.parameters(), lr=0.1), 1)
        model.last = torch.nn.Linear(5, 3)
        model.first.weight = torch.nn.Parameter(torch.randn(5, 4))
        self.train(monitor, model, torch.optim.SGD(model.parameters(), lr=0.1), 1)
        tensors = self.checkpoint(2)[0]
        for name, tensor in (("last.weight", model.last.weight), ("first.weight", model.first.weight)):
            self.assertTrue(torch.equal(tensors[name], tensor))
        self.assertEqual(0, monitor.different)

    def test_of_another_shape_ends_the_monitoring_and_not_the_training(self):
        model = Mlp()
        monitor = self.monitor(model, every=1)
        self.train(monitor, model, torch.optim.SGD(model.parameters(), lr=0.1), 1)
        model.last = torch.nn.Linear(5, 7)
        with self.one_warning("last.weight has the shape [7, 5] now, and [3, 5] when the monitor was made"):
            self.train(monitor, model, torch.optim.SGD(model.parameters(), lr=0.1), 2)
        self.assertFalse(monitor.active)

    def test_is_compared_without_a_trace_in_the_training(self):
        class Dice(Mlp):
            def forward(self, x):
                return super().forward(x) + 0 * torch.rand(1)

        for model, able in ((Mlp(), True), (Dice(), False)):
            monitor = self.monitor(model, every=1, run=type(model).__name__)
            self.assertEqual(able, monitor._comparison._able)
            monitor.close()
        hooked = Mlp()
        calls = []
        hooked.first.register_forward_hook(lambda *arguments: calls.append(1))
        monitor = self.monitor(hooked, every=1, run="hooked")
        self.train(monitor, hooked, torch.optim.SGD(hooked.parameters(), lr=0.1), 4)
        during = len(calls)
        monitor.close()
        self.assertEqual((False, during), (monitor._comparison._able, len(calls)))

    def test_that_is_not_finite_is_no_difference(self):
        model = Mlp()
        monitor = self.monitor(model, every=1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        self.train(monitor, model, optimizer, 1)
        with torch.no_grad():
            model.last.weight.fill_(float("nan"))
        self.train(monitor, model, optimizer, 3)
        self.assertEqual((0, 4), (monitor.different, monitor.delivered))


class Pruned(torch.nn.Module):
    """A mask that a lottery ticket's pruning narrows."""

    def __init__(self):
        super().__init__()
        self.first, self.last = torch.nn.Linear(4, 5), torch.nn.Linear(5, 3)
        self.register_buffer("mask", torch.ones(5, 4, dtype=torch.bool))

    def forward(self, x):
        return self.last(torch.tanh(torch.nn.functional.linear(x, self.first.weight * self.mask, self.first.bias)))

    def change(self, step):
        self.mask.view(-1)[step * 3:step * 3 + 3] = False


class Scheduled(torch.nn.Module):
    """A counter that scales a temperature, and chooses a branch."""

    def __init__(self):
        super().__init__()
        self.first, self.last = torch.nn.Linear(4, 5), torch.nn.Linear(5, 3)
        self.register_buffer("count", torch.zeros((), dtype=torch.int32))

    def forward(self, x):
        x = self.first(x)
        if int(self.count) > 2:
            x = torch.relu(x)
        else:
            x = torch.tanh(x)
        return self.last(x) / (1.0 + 0.5 * self.count)

    def change(self, step):
        self.count += 1


class Permuted(torch.nn.Module):
    """Tables of indices: replaced rather than changed in place, of two widths."""

    def __init__(self):
        super().__init__()
        self.first, self.last = torch.nn.Linear(4, 5), torch.nn.Linear(5, 3)
        self.register_buffer("order", torch.tensor([3, 1, 0, 2]))
        self.register_buffer("signs", torch.ones(5, dtype=torch.int8))

    def forward(self, x):
        return self.last(torch.tanh(self.first(x[:, self.order])) * self.signs)

    def change(self, step):
        self.order = torch.randperm(4)
        self.signs[step % 5] = -1


class Counting(torch.nn.Module):
    """A counter that its own forward counts up while it trains, in a module that is put in the place of another."""

    def __init__(self):
        super().__init__()
        self.first, self.gate, self.last = torch.nn.Linear(4, 5), Gate(), torch.nn.Linear(5, 3)

    def forward(self, x):
        return self.last(self.gate(torch.tanh(self.first(x))))

    def change(self, step):
        if step == 3:
            self.gate = Gate()
            self.gate.seen.fill_(40)


class Gate(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("seen", torch.tensor(0))
        self.register_buffer("open", torch.tensor([1, 2, 3, 4, 5], dtype=torch.uint8))

    def forward(self, x):
        if self.training:
            self.seen += 1
        return torch.where(self.open > 2, x, x / (1.0 + self.seen))


class BuffersOfWholeNumbers(StateCase):
    def test_travel_with_each_checkpoint(self):
        labels = {"Pruned": {"mask": torch.bool}, "Scheduled": {"count": torch.int32},
                  "Permuted": {"order": torch.int64, "signs": torch.int8},
                  "Counting": {"gate.seen": torch.int64, "gate.open": torch.uint8}}
        for kind in (Pruned, Scheduled, Permuted, Counting):
            with self.subTest(kind=kind.__name__):
                model = kind()
                monitor = self.monitor(model, every=1, run="a-run")
                optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
                for step in range(1, 9):
                    model.change(step)
                    self.train(monitor, model, optimizer, 1)
                    tensors = self.checkpoint(step)[0]
                    for name, dtype in labels[kind.__name__].items():
                        live = dict(model.named_buffers())[name]
                        self.assertEqual(dtype, tensors[name].dtype)
                        self.assertTrue(torch.equal(tensors[name], live), name)
                    model.eval()
                    self.assertTrue(torch.allclose(self.outputs("a-run", step), model(self.inputs), atol=1e-6))
                    model.train()
                monitor.close()
                self.assertEqual((0, 8, True), (monitor.different, monitor.delivered, monitor._comparison._able))
                shutil.rmtree(self.path())

    def test_are_not_in_the_programs_file(self):
        """So a training that is taken up again, with another mask, counter or order, writes the same one."""
        for kind in (Pruned, Scheduled, Permuted, Counting):
            with self.subTest(kind=kind.__name__):
                contents = []
                for later in (0, 5):
                    model = kind()
                    for step in range(1, 1 + later):
                        model.change(step)
                    contents.append(self.monitor(model, run="run-%d" % later)._parts["model.pt"])
                self.assertEqual(contents[0], contents[1])

    def test_of_batch_norms_own_count_do_not_travel_unless_they_are_read(self):
        class Reading(Mlp):
            def forward(self, x):
                return super().forward(x) / (1.0 + self.norm.num_batches_tracked)

        class Averaging(Mlp):
            def __init__(self):
                super().__init__()
                self.norm.momentum = None

        for kind, travels in ((Mlp, False), (Reading, True), (Averaging, True)):
            model = kind()
            monitor = self.monitor(model, every=1, run="a-run")
            self.train(monitor, model, torch.optim.SGD(model.parameters(), lr=0.1), 4)
            monitor.close()
            self.assertEqual(travels, "norm.num_batches_tracked" in self.checkpoint(4)[0], kind.__name__)
            self.assertEqual((0, True), (monitor.different, monitor._comparison._able))
            shutil.rmtree(self.path())

    def test_of_a_type_that_cannot_hold_them_any_more_end_the_monitoring(self):
        model = Permuted()
        monitor = self.monitor(model, every=1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        model.signs = torch.tensor([1, -1, 1, 1, 1], dtype=torch.int16)
        self.train(monitor, model, optimizer, 1)
        self.assertEqual([1, -1, 1, 1, 1], self.checkpoint(1)[0]["signs"].tolist())
        model.signs = torch.full((5,), 0.5)
        with self.one_warning("signs is torch.float32 now, and torch.int8 when the monitor was made"):
            self.train(monitor, model, optimizer, 1)
        self.assertFalse(monitor.active)


class TheCadence(Case):
    def emitted(self, every, steps):
        model = torch.nn.Linear(4, 3)
        monitor = self.monitor(model, every=every, run="cadence-%d-%d" % (every, len(os.listdir(self.folder))))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        told = []
        for step in steps:
            before = monitor.emitted
            monitor.step(optimizer, 1.0, step=step)
            if monitor.emitted > before:
                told.append(step)
        monitor.close()
        return told

    def test_holds_whatever_the_numbers_of_the_steps_are(self):
        accumulated = range(3, 2000, 4)
        self.assertEqual([3 + 4 * 50 * k for k in range(10)], self.emitted(50, accumulated))
        self.assertEqual([128 + 128 * 64 * k for k in range(4)], self.emitted(64, range(128, 128 * 200, 128)))
        self.assertEqual([21, 25, 30], self.emitted(5, range(21, 32)))
        self.assertEqual([1, 3, 6], self.emitted(3, range(1, 8)))


class TheFolder(Case):
    def test_of_a_training_that_is_taken_up_from_an_earlier_step_keeps_both_branches(self):
        model = Mlp()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        first = self.monitor(model, every=1)
        self.train(first, model, optimizer, 4)
        first.close()
        second = self.monitor(model, every=1)
        for step in (3, 4):
            second.step(optimizer, 0.5, step=step)
            self.settle(second)
        second.close()
        self.assertEqual(["step-%08d.%s" % (step, kind) for step in (1, 2, 3, 4) for kind in ("json", "safetensors")],
                         sorted(os.listdir(self.path("checkpoints"))))
        self.assertEqual(["step-%08d.%s" % (step, kind) for step in (3, 4) for kind in ("json", "safetensors")],
                         sorted(os.listdir(self.path("branches", "1"))))
        sessions = [self.checkpoint(step)[1]["session"] for step in (1, 2, 3, 4)]
        self.assertEqual([True, False, True], [a == b for a, b in zip(sessions, sessions[1:])])
        self.assertFalse(os.path.exists(self.path("owner.json")))

    def test_of_a_loop_that_counts_anew_has_a_branch_and_a_warning(self):
        model = Mlp()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        monitor = self.monitor(model, every=1)
        with self.one_warning("the step went back from 3 to 1"):
            for step in (1, 2, 3, 1, 2):
                monitor.step(optimizer, 1.0, step=step)
                self.settle(monitor)
        self.assertEqual(3, len(os.listdir(self.path("branches", "1"))) // 2)

    def test_is_written_by_one_alone(self):
        model = Mlp()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        monitor = self.monitor(model, every=1)
        self.train(monitor, model, optimizer, 1)
        script = """
import sys, torch, warnings
from curvature_client import Monitor
model = torch.nn.Linear(4, 3)
monitor = Monitor("a-run", model, "cross_entropy", torch.randn(8, 4), torch.zeros(8, dtype=torch.int64), directory=sys.argv[1])
monitor.step(torch.optim.SGD(model.parameters(), lr=0.1), 1.0)
monitor.close()
"""
        other = subprocess.run([sys.executable, "-c", script, self.folder], env=dict(os.environ, PYTHONPATH=CLIENT),
                               capture_output=True, text=True, timeout=60)
        self.assertEqual(0, other.returncode)
        self.assertIn("is being written to by process %d" % os.getpid(), other.stderr)
        self.train(monitor, model, optimizer, 1)
        self.assertEqual((True, 2), (monitor.active, monitor.delivered))

    def test_that_another_one_took_is_left(self):
        model = Mlp()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        monitor = self.monitor(model, every=1)
        self.train(monitor, model, optimizer, 1)
        with open(self.path("owner.json"), "w") as file:
            json.dump({"owner": "other", "host": "elsewhere", "pid": 7}, file)
        with self.one_warning("process 7 on elsewhere writes to"):
            self.train(monitor, model, optimizer, 2)
        self.assertEqual((False, 1), (monitor.active, monitor.delivered))
        with self.one_warning("was begun by process 7 on elsewhere"):
            again = self.monitor(model, every=1)
            again.step(optimizer, 1.0, step=9)
            self.settle(again)
        self.assertTrue(again.active)


if __name__ == "__main__":
    unittest.main()
