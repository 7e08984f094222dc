"""A Lightning callback: CurvatureMonitor watches what the Trainer trains.

    from lightning_callback import CurvatureCallback

    trainer = Trainer(callbacks=[CurvatureCallback("my-run", "cross_entropy", probe_inputs, probe_targets, url="http://127.0.0.1:9464")])

The module's forward must return the loss's logits for the probe inputs; else give forward=, as Monitor takes it.
Put clients/python on the path, or copy curvature_client.py beside this file.
"""

try:
    from lightning.pytorch.callbacks import Callback
except ImportError:
    from pytorch_lightning.callbacks import Callback

from curvature_client import Monitor


class CurvatureCallback(Callback):
    """Takes what Monitor takes, but for the model: (run, loss, probe_inputs, probe_targets, directory=... or url=..., ...)."""

    def __init__(self, run, loss, probe_inputs, probe_targets, **options):
        self._arguments = (run, loss, probe_inputs, probe_targets)
        self._options = options
        self._monitor = None
        self._seen = 0

    def on_train_start(self, trainer, pl_module):
        run, loss, inputs, targets = self._arguments
        self._monitor = Monitor(run, pl_module, loss, inputs, targets, **self._options)
        self._seen = trainer.global_step

    def on_train_batch_end(self, trainer, pl_module, outputs, batch, batch_idx):
        # global_step counts optimiser steps: with accumulated gradients there are several batches to one.
        if trainer.global_step == self._seen:
            return
        self._seen = trainer.global_step
        loss = outputs.get("loss") if isinstance(outputs, dict) else outputs
        self._monitor.step(trainer.optimizers[0], loss, step=trainer.global_step)

    def on_train_end(self, trainer, pl_module):
        self._monitor.close()

    def on_exception(self, trainer, pl_module, exception):
        if self._monitor is not None:
            self._monitor.close("failed")
