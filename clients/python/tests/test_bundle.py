import json
import os
import pathlib
import time
import unittest

import numpy
import torch

from .support import Case, Mlp, read_safetensors


class TheBundle(Case):
    def test_holds_the_state_of_every_emitted_step_bit_for_bit(self):
        model = Mlp()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        monitor = self.monitor(model, every=2)
        states = {}
        for step in range(1, 6):
            loss = self.train(monitor, model, optimizer, 1)
            states[step] = ({k: v.clone() for k, v in model.state_dict().items()}, float(loss))
        monitor.close()
        self.assertEqual(["step-%08d.%s" % (step, kind) for step in (1, 2, 4) for kind in ("json", "safetensors")],
                         sorted(os.listdir(self.path("checkpoints"))))
        for step in (1, 2, 4):
            tensors, info = self.checkpoint(step)
            state, loss = states[step]
            self.assertEqual({name for name in state if state[name].is_floating_point()}, set(tensors))
            for name, tensor in tensors.items():
                self.assertTrue(torch.equal(tensor, state[name]), name)
            self.assertEqual((step, loss, 0.1), (info["step"], info["loss"], info["learning_rate"]))
            self.assertRegex(info["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
        with open(self.path("finished.json")) as file:
            self.assertEqual({"state": "finished"}, json.load(file))

    def test_says_what_the_run_is(self):
        model = Mlp()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-4)
        monitor = self.monitor(model, batch_norm="train", batch_size=4, training_samples=60, dataset="toy")
        self.train(monitor, model, optimizer, 1)
        self.assertEqual(
            {"schema": 1, "run": "a-run", "model": {"kind": "torchscript", "file": "model.pt"}, "loss": "cross_entropy",
             "batch_norm": "train", "micro_batch": 4,
             "training": {"dataset": "toy", "samples": 60, "batch_size": 4, "optimizer": "sgd", "learning_rate": 0.1,
                          "momentum": 0.9, "nesterov": True, "weight_decay": 1e-4}},
            {key: value for key, value in self.manifest().items() if key != "id"})

    def test_has_the_probe_set_as_it_was_given(self):
        for inputs, targets, loss, stored in (
                (self.inputs, self.classes, "cross_entropy", self.inputs),
                (self.inputs.double(), self.classes.int(), "cross_entropy", self.inputs.double()),
                (self.inputs.bfloat16(), torch.randn(8), "mse", self.inputs.bfloat16())):
            with self.subTest(loss=loss, dtype=inputs.dtype):
                model = torch.nn.Linear(4, 3 if loss == "cross_entropy" else 1).to(inputs.dtype)
                monitor = self.monitor(model, loss, inputs, targets, run="probe-%s-%s" % (loss, str(inputs.dtype)[6:]))
                monitor.step(torch.optim.SGD(model.parameters(), lr=0.1), 1.0)
                monitor.close()
                probe = read_safetensors(os.path.join(self.folder, monitor.run, "probe.safetensors"))
                self.assertEqual(stored.dtype, probe["inputs"].dtype)
                self.assertTrue(torch.equal(stored, probe["inputs"]))
                wanted = targets.reshape(8, 1) if loss == "mse" else targets.long()
                self.assertTrue(torch.equal(wanted, probe["targets"]))

    def test_keeps_half_precision_as_it_is(self):
        for dtype in (torch.float16, torch.bfloat16, torch.float64):
            with self.subTest(dtype=dtype):
                model = torch.nn.Linear(3, 2)
                inputs = torch.randn(4, 3, dtype=dtype) if dtype != torch.float16 else torch.randn(4, 3)
                if dtype == torch.float16:
                    # torch 1.13 multiplies no half matrices on the CPU; a half parameter beside float ones is what mixed models have.
                    model.register_parameter("scale", torch.nn.Parameter(torch.randn(3).half()))
                else:
                    model = model.to(dtype)
                monitor = self.monitor(model, "cross_entropy", inputs, torch.tensor([0, 1, 1, 0]), run="half-" + str(dtype)[6:])
                monitor.step(torch.optim.SGD(model.parameters(), lr=0.1), None)
                monitor.close()
                name = os.path.join(self.folder, monitor.run, "checkpoints", "step-00000001.safetensors")
                for key, tensor in read_safetensors(name).items():
                    expected = model.state_dict()[key]
                    self.assertEqual(expected.dtype, tensor.dtype)
                    self.assertTrue(torch.equal(expected, tensor))

    def losses(self, *losses):
        model = Mlp()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        monitor = self.monitor(model, every=1)
        for loss in losses:
            monitor.step(optimizer, loss)
            self.settle(monitor)
        return [self.checkpoint(step + 1)[1].get("loss") for step in range(len(losses))]

    def test_leaves_out_a_loss_that_is_no_number_and_says_so_once(self):
        with self.one_warning("the loss is a Tensor, which is not one number"):
            self.assertEqual([None] * 4, self.losses(None, torch.zeros(3), "low", [1, 2]))

    def test_tells_a_loss_that_is_not_finite(self):
        infinity = float("inf")
        self.assertEqual(["NaN", "Infinity", "-Infinity", "NaN"],
                         self.losses(float("nan"), torch.tensor(infinity), -infinity, numpy.float32("nan")))

    def test_takes_numbers_as_they_come_out_of_other_libraries(self):
        self.assertEqual([0.25, 0.5, 0.75, 2.0], self.losses(torch.tensor([0.25]), numpy.float32(0.5), numpy.array([0.75]), 2))
        model = Mlp()
        monitor = self.monitor(model, run="numbers", every=numpy.int64(2), batch_size=torch.tensor(4),
                               training_samples=numpy.int32(60), dataset=pathlib.Path("/data/x"))
        for step in range(1, 5):
            monitor.step(torch.optim.SGD(model.parameters(), lr=numpy.float64(0.1)), 1.0, step=numpy.int64(step))
        self.assertEqual((True, 3), (monitor.active, monitor.emitted))
        monitor.close()
        with open(os.path.join(self.folder, "numbers", "run.json")) as file:
            told = json.load(file)
        self.assertEqual(("/data/x", 60, 4, 4), (told["training"]["dataset"], told["training"]["samples"],
                                                 told["training"]["batch_size"], told["micro_batch"]))
        for wrong in ({"every": 0}, {"every": True}, {"batch_size": 2.5}, {"training_samples": "many"}):
            with self.subTest(wrong=wrong), self.one_warning("%s is " % list(wrong)[0], "give a number of"):
                self.assertFalse(self.monitor(model, **wrong).active)

    def test_stores_tensors_of_any_memory_layout_row_by_row(self):
        model = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 2), torch.nn.Flatten(), torch.nn.Linear(3, 3))
        model.to(memory_format=torch.channels_last)
        monitor = self.monitor(model, inputs=torch.randn(8, 2, 2, 2))
        monitor.step(torch.optim.SGD(model.parameters(), lr=0.1), 1.0)
        self.settle(monitor)
        tensors, _ = self.checkpoint(1)
        self.assertTrue(torch.equal(model[0].weight.detach(), tensors["0.weight"]))

    def test_is_gone_on_with_when_a_training_is_taken_up_again(self):
        model = Mlp()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        monitor = self.monitor(model, every=2)
        self.train(monitor, model, optimizer, 2)
        monitor.close()
        again = self.monitor(model, every=2)
        again.step(torch.optim.SGD(model.parameters(), lr=0.01), 0.5, step=4)
        self.settle(again)
        self.assertFalse(os.path.exists(self.path("finished.json")))
        self.assertEqual(0.01, self.checkpoint(4)[1]["learning_rate"])
        self.assertEqual(0.1, self.manifest()["training"]["learning_rate"])
        again.close()

    def test_of_a_training_is_the_same_whatever_its_weights(self):
        files = []
        for seed in (1, 2):
            torch.manual_seed(seed)
            model = Mlp()
            monitor = self.monitor(model, run="a-run", directory=os.path.join(self.folder, str(seed)))
            self.train(monitor, model, torch.optim.SGD(model.parameters(), lr=0.1), seed)
            bundle = os.path.join(self.folder, str(seed), "a-run")
            files.append([])
            for name in ("model.pt", "probe.safetensors", "run.json"):
                with open(os.path.join(bundle, name), "rb") as file:
                    content = file.read()
                    if name == "run.json":
                        content = json.loads(content)
                        self.assertEqual(32, len(content.pop("id")))
                    files[-1].append(content)
        # So that a server can tell that it is the same run.
        self.assertEqual(*files)

    def test_of_another_run_is_left_alone(self):
        model = Mlp()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        monitor = self.monitor(model)
        self.train(monitor, model, optimizer, 1)
        monitor.close()
        before = self.manifest()
        with self.one_warning("holds another run", "choose another name"):
            other = self.monitor(model, batch_norm="train")
            other.step(optimizer, 1.0)
            self.settle(other)
            other.step(optimizer, 1.0)
            other.close()
        self.assertEqual(before, self.manifest())
        self.assertEqual((1, 1, False), (other.emitted, other.failed, other.active))

    def test_shows_no_file_before_it_is_whole(self):
        seen = []
        replace = os.replace
        os.replace = lambda source, target: (seen.append((os.path.basename(source), os.path.basename(target))), replace(source, target))
        self.addCleanup(setattr, os, "replace", replace)
        model = Mlp()
        self.monitor(model).step(torch.optim.SGD(model.parameters(), lr=0.1), 1.0)
        for _ in range(1000):
            if len(seen) == 6:
                break
            time.sleep(0.01)
        self.assertEqual(["owner.json", "model.pt", "probe.safetensors", "run.json", "step-00000001.safetensors", "step-00000001.json"],
                         [target for _, target in seen])
        self.assertTrue(all(source.endswith(".unfinished") for source, _ in seen))


if __name__ == "__main__":
    unittest.main()
