"""A Hugging Face Trainer callback: CurvatureMonitor watches what the Trainer trains.

    from huggingface_callback import CurvatureCallback, next_token_logits

    # a classifier: a batch as the collator makes it, with its labels
    batch = collator([dataset[i] for i in range(500)])
    trainer.add_callback(CurvatureCallback("my-run", batch, "labels", url="http://127.0.0.1:9464"))

    # a language model: padded texts with their mask; what follows on padding does not count
    batch = tokenizer(texts, padding=True, return_tensors="pt")
    targets = batch["input_ids"].masked_fill(batch["attention_mask"] == 0, -100)[:, 1:]
    trainer.add_callback(CurvatureCallback("my-run", batch, targets, forward=next_token_logits, directory="runs"))

The loss is cross-entropy, over all positions that count. Put clients/python on the path, or copy curvature_client.py
beside this file.
"""

from transformers import TrainerCallback

from curvature_client import Monitor


def next_token_logits(model, batch):
    """[N, K, T - 1] as cross-entropy takes them, of a causal language model."""
    return model(**batch).logits[:, :-1].transpose(1, 2)


class CurvatureCallback(TrainerCallback):
    """Takes what Monitor takes, but for model and loss: (run, probe_inputs, probe_targets, directory=... or url=..., ...)."""

    def __init__(self, run, probe_inputs, probe_targets, **options):
        self._arguments = (run, probe_inputs, probe_targets)
        self._options = options
        self._monitor = None

    def on_train_begin(self, args, state, control, model=None, **kwargs):
        run, inputs, targets = self._arguments
        self._monitor = Monitor(run, model, "cross_entropy", inputs, targets, **self._options)

    def on_step_end(self, args, state, control, optimizer=None, **kwargs):
        # The Trainer tells the loss only where it logs, and after this hook: the last one it told is a step or more old.
        self._monitor.step(optimizer, None, step=state.global_step)

    def on_train_end(self, args, state, control, **kwargs):
        self._monitor.close()
