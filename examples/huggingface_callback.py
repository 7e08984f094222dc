"""A Hugging Face Trainer callback: CurvatureMonitor watches what the Trainer trains.

    from huggingface_callback import CurvatureCallback, next_token_logits

    # a classifier: probe_inputs are token ids [N, T], probe_targets classes [N]
    trainer.add_callback(CurvatureCallback("my-run", probe_inputs, probe_targets, url="http://127.0.0.1:9464"))

    # a language model: probe_inputs ids[:, :-1], probe_targets ids[:, 1:]
    trainer.add_callback(CurvatureCallback("my-run", ids[:, :-1], ids[:, 1:], forward=next_token_logits, directory="runs"))

The loss is cross-entropy over all positions: take probe texts of equal length, without padding. Put clients/python on
the path, or copy curvature_client.py beside this file.
"""

from transformers import TrainerCallback

from curvature_client import Monitor


def class_logits(model, ids):
    """[N, K], of a model for sequence classification."""
    return model(input_ids=ids).logits


def next_token_logits(model, ids):
    """[N, K, T] as cross-entropy takes them, of a causal language model."""
    return model(input_ids=ids).logits.transpose(1, 2)


class CurvatureCallback(TrainerCallback):
    """Takes what Monitor takes, but for model and loss: (run, probe_inputs, probe_targets, directory=... or url=..., ...)."""

    def __init__(self, run, probe_inputs, probe_targets, forward=class_logits, **options):
        self._arguments = (run, probe_inputs, probe_targets)
        self._options = dict(options, forward=forward)
        self._monitor = None

    def on_train_begin(self, args, state, control, model=None, **kwargs):
        run, inputs, targets = self._arguments
        self._monitor = Monitor(run, model, "cross_entropy", inputs, targets, **self._options)

    def on_step_end(self, args, state, control, optimizer=None, **kwargs):
        # The Trainer tells the loss only where it logs, and after this hook: the last one it told is a step or more old.
        self._monitor.step(optimizer, None, step=state.global_step)

    def on_train_end(self, args, state, control, **kwargs):
        self._monitor.close()
