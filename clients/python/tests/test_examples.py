"""The examples. Neither Lightning nor transformers is here: small stand-ins call the hooks with the arguments that their
documentation gives, in the order in which it says they are called."""

import importlib
import json
import os
import subprocess
import sys
import types
import unittest
from collections import UserDict

import torch

from .support import Case, Mlp

EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "examples")


class Namespace(types.SimpleNamespace):
    pass


class Callbacks(Case):
    def load(self, example, module, base):
        """Imports an example while `module` is a stand-in that has the class `base`."""
        names = [".".join(module.split(".")[:i + 1]) for i in range(len(module.split(".")))]
        for name in names:
            sys.modules[name] = types.ModuleType(name)
            self.addCleanup(sys.modules.pop, name)
        setattr(sys.modules[module], base, type(base, (), {}))
        sys.path.insert(0, EXAMPLES)
        self.addCleanup(sys.path.remove, EXAMPLES)
        self.addCleanup(sys.modules.pop, example, None)
        return importlib.import_module(example)

    def lightning(self, callback, batches, accumulate=1, failing=False):
        """Trainer.fit: on_train_start, on_train_batch_end(trainer, pl_module, outputs, batch, batch_idx), on_train_end or on_exception."""
        module = Mlp()
        optimizer = torch.optim.Adam(module.parameters(), lr=0.01)
        trainer = Namespace(global_step=0, optimizers=[Namespace(optimizer=optimizer)])
        callback.on_train_start(trainer, module)
        try:
            for index in range(batches):
                if failing and index == batches - 1:
                    raise KeyboardInterrupt
                loss = torch.nn.functional.cross_entropy(module(self.inputs), self.classes)
                (loss / accumulate).backward()
                if (index + 1) % accumulate == 0:
                    optimizer.step()
                    optimizer.zero_grad()
                    trainer.global_step += 1
                callback.on_train_batch_end(trainer, module, {"loss": loss.detach()}, (self.inputs, self.classes), index)
                self.settle(callback._monitor)
        except KeyboardInterrupt as stopped:
            callback.on_exception(trainer, module, stopped)
            return
        callback.on_train_end(trainer, module)

    def steps(self):
        return [int(name[5:13]) for name in sorted(os.listdir(self.path("checkpoints"))) if name.endswith(".json")]

    def finished(self):
        with open(self.path("finished.json")) as file:
            return json.load(file)["state"]

    def test_for_Lightning_emit_steps_of_the_optimiser(self):
        example = self.load("lightning_callback", "lightning.pytorch.callbacks", "Callback")
        callback = example.CurvatureCallback("a-run", "cross_entropy", self.inputs, self.classes, directory=self.folder, every=2)
        self.lightning(callback, batches=8, accumulate=2)
        self.assertEqual([1, 2, 4], self.steps())
        self.assertEqual("adam", self.manifest()["training"]["optimizer"])
        self.assertIn("loss", self.checkpoint(4)[1])
        self.assertEqual("finished", self.finished())

    def test_for_Lightning_tell_of_a_failure(self):
        example = self.load("lightning_callback", "pytorch_lightning.callbacks", "Callback")
        callback = example.CurvatureCallback("a-run", "cross_entropy", self.inputs, self.classes, directory=self.folder, every=2)
        self.lightning(callback, batches=4, failing=True)
        self.assertEqual("failed", self.finished())

    def transformers(self, callback, model, optimizer, steps):
        """Trainer.train: on_train_begin(args, state, control, model=, optimizer=, ...), on_step_end, on_train_end."""
        arguments, state, control = Namespace(), Namespace(global_step=0, log_history=[]), Namespace()
        given = {"model": model, "optimizer": Namespace(optimizer=optimizer), "lr_scheduler": None, "train_dataloader": None, "processing_class": None}
        callback.on_train_begin(arguments, state, control, **given)
        for _ in range(steps):
            state.global_step += 1
            callback.on_step_end(arguments, state, control, **given)
            self.settle(callback._monitor)
        callback.on_train_end(arguments, state, control, **given)

    def test_for_transformers_watch_a_classifier_and_a_language_model(self):
        class Language(torch.nn.Module):
            """Called with keywords, and answering with more than logits, as models of transformers do."""

            def __init__(self, classifies):
                super().__init__()
                self.embedding = torch.nn.Embedding(7, 4)
                self.head = torch.nn.Linear(4, 7)
                self.classifies = classifies

            def forward(self, input_ids=None, attention_mask=None, labels=None):
                h = self.embedding(input_ids) * attention_mask.unsqueeze(-1)
                logits = self.head(h + h.cumsum(1))
                return Namespace(loss=None, logits=logits.mean(1) if self.classifies else logits)

        example = self.load("huggingface_callback", "transformers", "TrainerCallback")
        ids, mask = torch.randint(0, 7, (8, 6)), torch.arange(6) < torch.randint(2, 7, (8, 1))
        batch = UserDict(input_ids=ids, attention_mask=mask.long(), labels=self.classes)
        for classifies in (True, False):
            with self.subTest(classifies=classifies):
                model = Language(classifies)
                options = {"run": "a-run", "directory": os.path.join(self.folder, str(classifies)), "every": 3}
                if classifies:
                    callback = example.CurvatureCallback(probe_inputs=batch, probe_targets="labels", **options)
                else:
                    texts = {"input_ids": ids, "attention_mask": mask.long()}
                    targets = ids.masked_fill(~mask, -100)[:, 1:]
                    callback = example.CurvatureCallback(probe_inputs=texts, probe_targets=targets, forward=example.next_token_logits, **options)
                above, self.folder = self.folder, options["directory"]
                self.transformers(callback, model, torch.optim.AdamW(model.parameters(), lr=0.01), 6)
                self.assertEqual([1, 3, 6], self.steps())
                self.assertIn("embedding.weight" if classifies else "model.embedding.weight", self.checkpoint(6)[0])
                self.assertEqual(["input_ids", "attention_mask"], self.manifest()["inputs"])
                self.assertEqual(("adamw", "finished"), (self.manifest()["training"]["optimizer"], self.finished()))
                self.folder = above


class Mnist(Case):
    def test_trains_on_real_digits_and_prints_its_sharpness(self):
        done = subprocess.run(
            [sys.executable, os.path.join(EXAMPLES, "mnist_pytorch.py"), "--directory", self.folder, "--run", "a-run", "--steps", "12", "--every", "6",
             "--probe-samples", "64"], capture_output=True, text=True, timeout=300)
        self.assertEqual(0, done.returncode, done.stderr)
        result = json.loads(done.stdout)
        self.assertEqual((12, 3, 0), (result["step"], result["emitted"], result["failed"]))
        self.assertGreater(result["reference"], 1000 * result["reference_error"])
        self.assertEqual("mnist", self.manifest()["training"]["dataset"])


if __name__ == "__main__":
    unittest.main()
