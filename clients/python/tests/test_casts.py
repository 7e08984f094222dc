import json
import os
import unittest

import torch

from .support import Case

nn = torch.nn


class Autocast(nn.Module):
    """Computes under autocast, by any of the forms that there are."""

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(4, 5), nn.Linear(5, 3)

    def forward(self, x):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            h = self.last(torch.tanh(self.first(x)))
        return h.float()


class OldAutocast(Autocast):
    def forward(self, x):
        with torch.cpu.amp.autocast():
            h = self.last(torch.tanh(self.first(x)))
        return h.float()


class Decorated(Autocast):
    """Scripted, it loses the decorator."""

    @torch.autocast("cpu", dtype=torch.bfloat16)
    def forward(self, x):
        return self.last(torch.tanh(self.first(x)))


class Kept(Autocast):
    """Goes through tracing only."""

    def __init__(self):
        super().__init__()
        self.casts = torch.autocast("cpu", dtype=torch.bfloat16)

    def forward(self, x, **options):
        with self.casts:
            return self.last(torch.tanh(self.first(x)))


class ByHand(Autocast):
    def forward(self, x):
        return self.last(torch.tanh(self.first(x)).half().float())


class Disabled(Autocast):
    def forward(self, x):
        with torch.autocast("cpu", enabled=False):
            return self.last(torch.tanh(self.first(x.float())))


class Branching(Autocast):
    """Its casts are in a branch that a trace does not hold for all inputs."""

    def forward(self, x):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            h = torch.tanh(self.first(x))
            if bool(x.sum() > 0):
                h = -h
            h = self.last(h)
        return h.float()


class Casts(Case):
    def run_of(self, network, **options):
        monitor = self.monitor(network, every=1, run="run-%d" % len(os.listdir(self.folder)), **options)
        self.assertTrue(monitor.active)
        self.train(monitor, network, torch.optim.SGD(network.parameters(), lr=0.1), 4)
        monitor.close()
        self.assertEqual(0, monitor.different)
        with open(os.path.join(self.folder, monitor.run, "run.json")) as file:
            return json.load(file), os.path.join(self.folder, monitor.run, "model.pt")

    def test_casts_are_noticed_whoever_makes_them_and_done_without(self):
        for kind in (Autocast, OldAutocast, Kept, ByHand):
            self.assertEqual("off", self.run_of(kind())[0]["autocast"], kind)

    def test_a_model_without_casts_says_nothing_of_them(self):
        for network in (nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3)), Disabled()):
            self.assertNotIn("autocast", self.run_of(network)[0])

    def test_a_model_of_a_narrow_type_altogether_is_noticed(self):
        network = Autocast().bfloat16()
        self.assertEqual("off", self.run_of(network)[0]["autocast"])

    def test_kept_casts_are_in_the_program(self):
        for kind, code in ((Autocast, 15), (OldAutocast, 15), (Decorated, 15), (Kept, 15), (ByHand, 5)):
            told, path = self.run_of(kind(), autocast="keep")
            self.assertEqual("keep", told["autocast"], kind)
            program = torch.jit.load(path)
            graph = program.inlined_graph  # its nodes live as long as it does
            self.assertEqual([], graph.findAllNodes("prim::Enter", recurse=True))
            types = {node.inputsAt(1).toIValue() for node in graph.findAllNodes("aten::to", recurse=True)}
            self.assertIn(code, types, kind)

    def test_casts_that_no_program_holds_cannot_be_kept(self):
        network = Branching()
        with self.one_warning("not monitored", "autocast='keep' needs a program that casts to bfloat16"):
            self.assertFalse(self.monitor(network, autocast="keep").active)

    def test_another_word_is_refused(self):
        with self.one_warning("autocast is 'on'"):
            self.assertFalse(self.monitor(Autocast(), autocast="on").active)

    def test_a_difference_that_rounding_explains_is_told_and_is_none(self):
        network = Decorated()

        class Floats(nn.Module):
            def __init__(self):
                super().__init__()
                self.inner = network

            def forward(self, x):
                return self.inner(x).float()

        with self.one_warning("which the rounding to bfloat16 explains"):
            told, _ = self.run_of(Floats())
        self.assertEqual("off", told["autocast"])

    def test_a_difference_beyond_rounding_is_told(self):
        network = Autocast()
        network.scale = [1.0]
        plain = network.forward

        class Scaled(nn.Module):
            def __init__(self):
                super().__init__()
                self.inner = network

            def forward(self, x, **options):
                return plain(x) * network.scale[0]

        whole = Scaled()
        monitor = self.monitor(whole, every=1)
        optimizer = torch.optim.SGD(whole.parameters(), lr=0.1)
        self.train(monitor, whole, optimizer, 2)
        self.assertEqual(0, monitor.different)
        network.scale[0] = 1.5
        with self.one_warning("outputs of the exported program differ"):
            self.train(monitor, whole, optimizer, 2)
        self.assertEqual(1, monitor.different)

    def test_a_run_from_before_is_taken_up(self):
        network = Autocast()
        optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
        self.train(self.monitor(network, every=1), network, optimizer, 1)
        told = self.manifest()
        del told["autocast"]
        with open(self.path("run.json"), "w") as file:
            json.dump(told, file)
        monitor = self.monitor(network, every=1)
        self.train(monitor, network, optimizer, 1)
        self.assertTrue(monitor.active)
        kept = self.monitor(network, every=1, autocast="keep")
        with self.one_warning("holds another run of that name"):
            self.train(kept, network, optimizer, 1)


if __name__ == "__main__":
    unittest.main()
