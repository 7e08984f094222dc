import os
import subprocess
import sys
import threading
import unittest

import torch

from .support import Case, Mlp

CLIENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")

SCRIPT = """
import os, sys, torch
from curvature_client import Monitor
model = torch.nn.Linear(4, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
monitor = Monitor("a-run", model, "cross_entropy", torch.randn(8, 4), torch.zeros(8, dtype=torch.int64), directory=sys.argv[1])
monitor.step(optimizer, 1.0)
"""


class TheLoop(Case):
    def test_emits_the_first_step_and_every_nth(self):
        model = Mlp()
        monitor = self.monitor(model, every=3)
        self.train(monitor, model, torch.optim.SGD(model.parameters(), lr=0.1), 7)
        self.assertEqual(["step-00000001.json", "step-00000003.json", "step-00000006.json"],
                         sorted(name for name in os.listdir(self.path("checkpoints")) if name.endswith("json")))
        self.assertEqual((7, 3, 3, 0, 0, 6), (monitor.steps, monitor.emitted, monitor.delivered, monitor.superseded, monitor.failed, monitor.last_emitted))

    def test_goes_on_while_a_checkpoint_is_written_and_the_newest_wins(self):
        model = Mlp()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        monitor = self.monitor(model, every=1)
        started, gate = threading.Event(), threading.Event()
        deliver = monitor._sink.checkpoint

        def slow(*arguments):
            started.set()
            gate.wait(30)
            return deliver(*arguments)

        monitor._sink.checkpoint = slow
        self.train(monitor, model, optimizer, 1, settle=False)
        started.wait(30)
        first = model.first.weight.detach().clone()
        self.train(monitor, model, optimizer, 1000, settle=False)
        last = model.first.weight.detach().clone()
        self.assertEqual((1001, 999, 0), (monitor.emitted, monitor.superseded, monitor.delivered))
        gate.set()
        monitor.close()
        # A checkpoint that is being written is not touched by those that follow.
        self.assertTrue(torch.equal(first, self.checkpoint(1)[0]["first.weight"]))
        self.assertTrue(torch.equal(last, self.checkpoint(1001)[0]["first.weight"]))
        self.assertEqual((1001, 999, 2, 0), (monitor.emitted, monitor.superseded, monitor.delivered, monitor.failed))

    def test_gets_one_warning_and_no_exception_from_a_disk_that_cannot_be_written(self):
        blocked = os.path.join(self.folder, "file")
        with open(blocked, "w"):
            pass
        model = Mlp()
        with self.one_warning("could not be delivered"):
            monitor = self.monitor(model, every=1, directory=blocked)
            self.train(monitor, model, torch.optim.SGD(model.parameters(), lr=0.1), 5)
            monitor.close()
        self.assertEqual((5, 5), (monitor.emitted, monitor.failed))

    def test_gets_no_exception_from_what_a_step_is_given(self):
        model = Mlp()
        for wrong in ((None, 1.0, None), (torch.optim.SGD(model.parameters(), lr=0.1), 1.0, "two")):
            with self.subTest(wrong=wrong), self.one_warning("not monitored"):
                monitor = self.monitor(model)
                monitor.step(*wrong)
                monitor.step(*wrong)
                monitor.close()

    def test_ends_as_finished_or_as_failed(self):
        for state, error in (("finished", None), ("failed", ValueError)):
            with self.subTest(state=state):
                model = torch.nn.Linear(4, 3)
                try:
                    with self.monitor(model, run=state) as monitor:
                        monitor.step(torch.optim.SGD(model.parameters(), lr=0.1), 1.0)
                        if error is not None:
                            raise error("of the training")
                except ValueError:
                    self.assertIs(error, ValueError)
                with open(os.path.join(self.folder, state, "finished.json")) as file:
                    self.assertEqual('{"state": "%s"}' % state, file.read())
                monitor.step(None, None)
                monitor.close()

    def test_without_a_step_leaves_nothing(self):
        self.monitor(torch.nn.Linear(4, 3)).close()
        self.assertEqual([], os.listdir(self.folder))

    def test_on_another_process_than_the_first_does_nothing(self):
        os.environ["RANK"] = "1"
        self.addCleanup(os.environ.pop, "RANK")
        model = torch.nn.Linear(4, 3)
        monitor = self.monitor(model)
        monitor.step(torch.optim.SGD(model.parameters(), lr=0.1), 1.0)
        monitor.close()
        self.assertEqual((False, []), (monitor.active, os.listdir(self.folder)))

    def test_of_parallel_processes_is_watched_on_the_first_alone(self):
        torch.distributed.init_process_group("gloo", init_method="file://" + os.path.join(self.folder, "meeting"), rank=0, world_size=1)
        self.addCleanup(torch.distributed.destroy_process_group)
        model = torch.nn.parallel.DistributedDataParallel(Mlp())
        monitor = self.monitor(model, every=1)
        self.train(monitor, model, torch.optim.SGD(model.parameters(), lr=0.1), 2)
        self.assertIn("first.weight", self.checkpoint(2)[0])


class TheProcess(Case):
    def script(self, ending):
        return subprocess.run([sys.executable, "-c", SCRIPT + ending, self.folder], env=dict(os.environ, PYTHONPATH=CLIENT),
                              capture_output=True, text=True, timeout=60)

    def test_that_ends_without_close_loses_nothing(self):
        done = self.script("")
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.checkpoint(1)
        with open(self.path("finished.json")) as file:
            self.assertIn("finished", file.read())

    def test_that_dies_of_an_exception_says_so(self):
        done = self.script("raise SystemError('of the training')")
        self.assertEqual(1, done.returncode)
        with open(self.path("finished.json")) as file:
            self.assertIn("failed", file.read())

    def test_that_is_forked_off_ends_no_run(self):
        done = self.script("pid = os.fork()\nif pid == 0: sys.exit(0)\nos.waitpid(pid, 0)\nprint(os.path.exists(sys.argv[1] + '/a-run/finished.json'))")
        self.assertEqual((0, "False\n"), (done.returncode, done.stdout), done.stderr)


if __name__ == "__main__":
    unittest.main()
