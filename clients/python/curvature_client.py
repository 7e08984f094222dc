"""Lets CurvatureMonitor watch a PyTorch training. One file; needs torch (1.13 or newer) and nothing else.

    from curvature_client import Monitor

    monitor = Monitor("my-run", model, "cross_entropy", probe_inputs, probe_targets, url="http://127.0.0.1:9464")
    for inputs, targets in batches:
        ...
        optimizer.step()
        monitor.step(optimizer, loss)
    monitor.close()

The first step and every `every`-th one emit a checkpoint: a copy of the parameters to host memory, which a background
thread writes into a run bundle below `directory`, or sends to the server at `url`. One checkpoint waits at most; a newer
one replaces it. Nothing here raises into the training: what goes wrong is said once, as a MonitorWarning.
"""

import atexit
import collections.abc
import contextlib
import ctypes
import fnmatch
import http.client
import inspect
import io
import itertools
import json
import keyword
import linecache
import math
import os
import operator
import re
import socket
import sys
import threading
import time
import types
import urllib.error
import urllib.parse
import urllib.request
import uuid
import warnings
import zipfile

import torch

__all__ = ["Monitor", "MonitorWarning"]
__version__ = "0.1.0"

_RUN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_UNFINISHED = ".unfinished"
_OWNER = "owner.json"
_SECOND_MOMENT = "optimizer.exp_avg_sq."
_BATCH_COUNT = "num_batches_tracked"
_MOST_MODULES = 32  # patterns of modules= that a server takes
_LONGEST_MODULE = 200
_MOMENTS_BUDGET = 16 << 20  # bytes of second moments that are sent without being asked for
_LONGEST_HEADER = 4096  # characters of a checkpoint's JSON that go into a header; what stands between may allow 8 kB
_FLOATS = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16"}
_WHOLES = {torch.int64: "I64", torch.int32: "I32", torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL"}
_TYPES = {label: dtype for dtype, label in list(_FLOATS.items()) + list(_WHOLES.items())}
_SIZES = {label: torch.empty((), dtype=dtype).element_size() for label, dtype in _TYPES.items()}


class MonitorWarning(UserWarning):
    """What the monitor could not do. The training goes on."""


class _Refusal(Exception):
    """Why this training cannot be monitored, in one line."""


class Monitor:
    """Emits checkpoints of a training.

    run             the run's name: letters, digits, '-', '_' and '.'
    model           the model that is trained; wrappers of DistributedDataParallel and torch.compile are taken off
    loss            the loss that is trained: one of torch's own (nn.CrossEntropyLoss(ignore_index=0), F.mse_loss, "mse"),
                    or any function of outputs and targets that gives the batch's mean; TorchScript must take it
    probe_inputs    the samples on which curvature is measured, as the model takes them: a tensor [N, ...], a tuple or
                    list of such tensors (positional arguments), or a mapping of names to them (keyword arguments, as
                    the batches of Hugging Face's tokenizers). Integers are token ids, truth values masks
    probe_targets   [N, ...] what the loss takes as targets of those samples, or its name in the mapping
    directory       the folder in which bundles lie, one a run: <directory>/<run>. What `curvature serve --watch` watches
    url             the server, e.g. http://127.0.0.1:9464. Give a directory or a url
    every           emit the first step and each `every`-th one
    token           the server's bearer token; by default the environment's CURVATURE_TOKEN
    parameters      the parameters over which curvature is measured, by names of parameters or modules, with * and ?:
                    "head.*", ["*.lora_A", "*.lora_B"]; by default those that the optimiser trains. Others are constants
    modules         also measure, now and then, the largest eigenvalue and the trace of the blocks of these modules, by
                    patterns as in parameters: ["layer1", "*.attention", "head.*"]; at most 32
    forward         forward(model, inputs) -> outputs, where calling the model does not give the loss's logits: one
                    tensor, or several of which one is called `logits`; inputs are as probe_inputs are
    batch_norm      what batch norm normalises with while curvature is measured: "eval" (the running statistics),
                    "train" (each micro-batch its own) or "recompute" (statistics of the whole probe set)
    micro_batch     samples that are measured at once; by default batch_size, else 128
    second_moments  send the second moments of Adam and its kin too, which the preconditioned sharpness, and so the
                    stability ratio, needs; by default where they take at most 16 MiB
    batch_size, training_samples, dataset
                    what the optimiser cannot tell about the training; all optional. A batch size that changes is told
                    to step()
    timeout         seconds that one request may take, and that close() waits for the last checkpoint to get out
    autocast        what is done with casts of the forward to float16 or bfloat16, by autocast or by hand: "off", the
                    curvature is measured without what they round; "keep", with it, and error bars cover it

    Make it once the model exists, before or after a state is loaded; use it as a context manager, call close(), or let the
    end of the process do it.
    """

    def __init__(self, run, model, loss, probe_inputs, probe_targets, directory=None, url=None, every=50, token=None,
                 forward=None, batch_norm="eval", micro_batch=None, second_moments=None, batch_size=None,
                 training_samples=None, dataset=None, timeout=30.0, parameters=None, autocast="off", modules=None):
        self.run = run
        self.steps = 0        # calls of step(), or the number given to it
        self.emitted = 0      # checkpoints copied
        self.delivered = 0    # written, or accepted by the server
        self.superseded = 0   # replaced by a newer one, here or at the server
        self.failed = 0       # could not be written or sent
        self.different = 0    # found to give other outputs as the exported program than as the live model
        self.last_emitted = None
        self._every = every
        self._batch_size = None  # as last told to step()
        self._calls = 0       # calls of step() since the last emission
        self._session = uuid.uuid4().hex
        self._timeout = timeout
        self._process = os.getpid()
        self._warned = set()
        self._disabled = False
        self._closed = False
        self._thread = None
        self._waiting = None
        self._spare = None
        self._ending = False
        self._changed = threading.Condition()
        if not _is_first_process():
            self._disabled = True
            return
        try:
            if not isinstance(run, str) or not _RUN_NAME.fullmatch(run):
                raise _Refusal("the run's name is %r; use 1 to 128 letters, digits, '-', '_' and '.', beginning with a "
                               "letter, a digit or '_'" % (run,))
            self._every = _whole("every", every, "a number of steps")
            batch_size = _whole("batch_size", batch_size, "a number of samples")
            training_samples = _whole("training_samples", training_samples, "a number of samples")
            micro_batch = _whole("micro_batch", micro_batch, "a number of samples")
            if batch_norm not in ("train", "eval", "recompute"):
                raise _Refusal("batch_norm is %r; give 'train', 'eval' or 'recompute'" % (batch_norm,))
            if autocast not in ("off", "keep"):
                raise _Refusal("autocast is %r; give 'off' or 'keep'" % (autocast,))
            loss = _loss(loss)
            given, targets = _probe(loss, probe_inputs, probe_targets)
            micro_batch = int(micro_batch or batch_size or min(128, len(targets)))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                watched, call = _called(_unwrapped(model), forward, given)
                inputs = given.tensors
                few = tuple(tensor.clone() for tensor in _first(inputs, 3))
                casts = _Casts(watched, call, few, autocast == "keep")
                with _NumbersAsBuffers(watched, few):
                    script, names, loss, constant = _export(watched, call, inputs, loss, targets, micro_batch, batch_norm,
                                                            casts)
                self._comparison = _Comparison(watched, few, casts.tolerated)
                other = _other_in_training(watched, few)
            targets = loss.stored(targets)
            self._state = _State(watched, names, second_moments, constant)
            self._paths = _paths(self._state, watched)
            self._chosen = _chosen(parameters, self._paths)
            self._modules = _modules(modules, self._paths)
            self._manifest = {
                "schema": 1, "run": run, "id": uuid.uuid4().hex, "model": {"kind": "torchscript", "file": "model.pt"},
                "loss": loss.description(), "batch_norm": batch_norm,
                "micro_batch": len(targets) if loss.couples else micro_batch,
                "training": {"dataset": None if dataset is None else str(dataset), "samples": training_samples, "batch_size": batch_size},
            }
            if self._modules is not None:
                self._manifest["monitoring"] = {"modules": self._modules}
            if given.names is not None:
                self._manifest["inputs"] = given.names
            places = ["inputs"] if given.names is None else ["inputs." + name for name in given.names]
            probe_tensors = dict(loss.tensors(), targets=targets, **dict(zip(places, inputs)))
            probe = _Tensors([(name, tensor.shape, _label(tensor)) for name, tensor in probe_tensors.items()])
            probe.copy(probe_tensors)
            if casts.types:
                self._manifest["autocast"] = autocast
            if casts.told is not None:
                self._warn("rounding", casts.told)
            if other:
                self._warn("training", "in training mode the outputs of %s are others, beside dropout and batch norm; curvature "
                           "is measured of evaluation mode: let forward not ask for self.training" % _some(other))
            self._sink = _sink(directory, url, token if token is not None else os.environ.get("CURVATURE_TOKEN"), timeout,
                               self._warn)
            self._parts = {"model.pt": script, "probe.safetensors": b"".join(bytes(part) for part in probe.parts())}
            if loss.script is not None:
                self._parts["loss.pt"] = loss.script
        except Exception as problem:  # whatever it is, the training is more important
            self._disable(problem)
            return
        atexit.register(self._close_at_exit)

    @property
    def active(self):
        """Whether checkpoints are emitted."""
        return not (self._disabled or self._closed)

    def step(self, optimizer, loss=None, step=None, batch_size=None):
        """Call it after optimizer.step(). `loss` is a number or a tensor; `step` overrides the count of these calls;
        `batch_size`, the samples of an optimiser's step, is told where it changes."""
        try:
            if batch_size is not None:
                self._batch_size = self._told_batch_size(batch_size)
            before = self.steps
            self.steps = before + 1 if step is None else int(step)
            if self._disabled or self._closed:
                return
            self._calls += 1
            # The numbers may be anything that rises: every n-th of them, or where they jump over it every n-th call.
            on_the_dot = self.steps % self._every == 0 and self.steps - before < self._every
            if not on_the_dot and self._calls < self._every and self.last_emitted is not None:
                return
            if self.last_emitted is not None and self.steps <= self.last_emitted:
                self._begin_branch()
            if os.getpid() != self._process or not _is_first_process():
                self._disabled = True
                return
            self._emit(_unwrapped_optimizer(optimizer), loss)
        except Exception as problem:
            self._disable(problem)

    def close(self, state="finished"):
        """Waits until the last checkpoint is out, then says that the run is finished (or "failed")."""
        if self._closed or self._disabled or os.getpid() != self._process:
            self._closed = True
            return
        self._closed = True
        atexit.unregister(self._close_at_exit)
        with self._changed:
            self._ending = True
            self._changed.notify_all()
        if self._thread is None:
            return
        self._thread.join(self._timeout)
        if self._thread.is_alive():
            self._warn("close", "the last checkpoint was not out after %g s; it may be lost" % self._timeout)
        elif self.delivered > 0 and not self._disabled:
            try:
                self._sink.finish(self.run, state)
            except Exception as problem:
                self._warn("finish", "the run's end could not be told (%s)" % _line(problem))

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.close("finished" if kind is None else "failed")

    def _close_at_exit(self):
        # Set when an exception nobody caught ended the program.
        self.close("failed" if getattr(sys, "last_type", None) is not None else "finished")

    # ---- the training's side: copy and go on

    def _begin_branch(self):
        self._session = uuid.uuid4().hex
        self._warn("branch", "the step went back from %d to %d: what follows is a new branch of the run; give step= a "
                   "number that rises if it is not" % (self.last_emitted, self.steps))

    def _emit(self, optimizer, loss):
        tensors = self._state.tensors()
        trained = self._state.trained_by(optimizer, self._chosen, tensors)
        if self._thread is None:
            self._state.trained = trained
            _require_modules(self._modules, self._paths, trained)
            if len(trained) < self._state.parameter_count:
                self._manifest["parameters"] = [name for name in self._state.parameters if name in trained]
            self._manifest["training"].update(_hyper_parameters(optimizer))
            self._manifest["training"] = {k: v for k, v in self._manifest["training"].items() if v is not None}
            self._parts["run.json"] = json.dumps(self._manifest, indent=1, allow_nan=False).encode()
            self._thread = threading.Thread(target=self._work, name="curvature-monitor", daemon=True)
            self._thread.start()
        elif trained != self._state.trained:
            raise _Refusal("other parameters are trained now than when the run began (%s); make a Monitor of another name"
                           % _some(sorted(trained ^ self._state.trained)))
        moments, optimizer_step = self._state.second_moments(optimizer, tensors, self._warn)
        settings = _Settings(optimizer)
        with self._changed:
            # The newest wins: the memory of a checkpoint that still waits is written over.
            snapshot, self._waiting = self._waiting, None
            if snapshot is not None:
                self.superseded += 1
            else:
                snapshot, self._spare = self._spare, None
        if snapshot is None or not snapshot.suits(moments):
            snapshot = self._state.snapshot(tensors, moments)
        loss = self._number(loss)
        snapshot.take(tensors, moments, loss, settings,
                      {"step": self.steps, "time": None, "loss": None, "learning_rate": None, "session": self._session,
                       "batch_size": self._batch_size, "optimizer_step": optimizer_step})
        snapshot.copied = self._comparison.prepare(self._state, snapshot, self.emitted)
        with self._changed:
            self.emitted += 1
            self.last_emitted = self.steps
            self._calls = 0
            self._waiting = snapshot
            self._changed.notify_all()

    def _told_batch_size(self, batch_size):
        try:
            return _whole("batch_size", batch_size, "a number of samples")
        except _Refusal as problem:
            self._warn("batch_size", str(problem))
            return None

    def _number(self, loss):
        """A loss as a tensor of one number or a float; None where it is not told."""
        if loss is None or (torch.is_tensor(loss) and loss.numel() == 1 and not loss.is_complex()):
            return loss
        try:
            if isinstance(loss, (str, bytes)):
                raise TypeError("a text")
            return float(loss)
        except Exception:
            self._warn("loss", "the loss is a %s, which is not one number; it is left out" % type(loss).__name__)
            return None

    # ---- the background thread's side

    def _compare(self, snapshot, info):
        """Sees whether the exported program still gives the outputs of the model as it was when it was copied."""
        difference = self._comparison.difference(self._parts.get("model.pt"), snapshot)
        if difference is not None:
            self.different += 1
            info["difference"] = difference
            self._warn("difference", "at step %d the outputs of the exported program differ by %.2g of their size from the "
                       "model's: something that forward reads and no checkpoint holds has changed; make it a buffer"
                       % (info["step"], difference))

    def _work(self):
        while True:
            with self._changed:
                while self._waiting is None and not self._ending:
                    self._changed.wait()
                if self._waiting is None:
                    return
                snapshot, self._waiting = self._waiting, None
            outcome = "failed"
            try:
                if not self._disabled:
                    info = snapshot.wait(self._state)
                    self._compare(snapshot, info)
                    accepted = self._sink.checkpoint(self.run, self._parts, info, snapshot.tensors)
                    outcome = "delivered" if accepted else "superseded"
            except _Refusal as problem:
                self._disable(problem)
            except Exception as problem:
                self._warn("deliver", "a checkpoint could not be delivered (%s); later ones are tried" % _line(problem))
            with self._changed:
                setattr(self, outcome, getattr(self, outcome) + 1)
                self._spare = snapshot

    # ---- saying what is wrong

    def _disable(self, problem):
        self._disabled = True
        self._warn("disabled", "the run is not monitored: %s" % _line(problem))

    def _warn(self, kind, message):
        if kind in self._warned:
            return
        self._warned.add(kind)
        text = "curvature monitor, run %s: %s" % (self.run, message)
        text = text if len(text) <= 300 else text[:297] + "..."
        try:
            warnings.warn(text, MonitorWarning, stacklevel=4)
        except Exception:  # a filter that turns warnings into errors must not stop the training
            sys.stderr.write(text + "\n")


# ---- what is monitored


def _is_first_process():
    distributed = getattr(torch, "distributed", None)
    if distributed is not None and distributed.is_available() and distributed.is_initialized():
        return distributed.get_rank() == 0
    return os.environ.get("RANK", "0").strip() in ("", "0")  # torchrun's, before the process group is there


def _unwrapped(model):
    parallel = (torch.nn.parallel.DistributedDataParallel, torch.nn.DataParallel)
    while True:
        if "FullyShardedDataParallel" in type(model).__name__:
            raise _Refusal("its parameters are sharded (FSDP), no process holds them whole")
        if isinstance(model, parallel):
            model = model.module
        elif hasattr(model, "_orig_mod"):
            model = model._orig_mod
        else:
            if not isinstance(model, torch.nn.Module):
                raise _Refusal("the model is a %s; give a torch.nn.Module" % type(model).__name__)
            return model


def _unwrapped_optimizer(optimizer):
    # Lightning, Accelerate and others wrap; what they wrap is `optimizer`.
    inner = getattr(optimizer, "optimizer", None)
    while isinstance(inner, torch.optim.Optimizer) or hasattr(inner, "optimizer"):
        optimizer, inner = inner, getattr(inner, "optimizer", None)
    return optimizer


def _some(names):
    return ", ".join(names[:3]) + (" and %d more" % (len(names) - 3) if len(names) > 3 else "")


def _paths(state, model):
    """By what patterns may name each parameter: its names, and the modules that it is in."""
    aliases = {}
    for path, module in model.named_modules(remove_duplicate=False):
        for name, parameter in module.named_parameters(recurse=False):
            aliases.setdefault(id(parameter), set()).add(path + "." + name if path else name)
    paths = {}
    for name, parameter in state.named_parameters():
        names = aliases.get(id(parameter), set()) | {name}
        names |= {other[len("model."):] for other in names if other.startswith("model.")}
        paths[name] = {".".join(other.split(".")[:end]) for other in names for end in range(1, other.count(".") + 2)}
    return paths


def _named_by(pattern, paths):
    return {name for name, parts in paths.items() if any(fnmatch.fnmatchcase(part, pattern) for part in parts)}


def _chosen(patterns, paths):
    """The names of the parameters that patterns choose; None where there is no choice."""
    if patterns is None:
        return None
    chosen = set()
    for pattern in [patterns] if isinstance(patterns, str) else list(patterns):
        found = _named_by(pattern, paths)
        if not found:
            raise _Refusal("parameters=%r is no parameter or module of the model (it has %s)"
                           % (pattern, _some(list(paths))))
        chosen |= found
    return chosen


def _modules(patterns, paths):
    """The patterns of the modules that are measured one by one; None for none."""
    if patterns is None:
        return None
    patterns = [patterns] if isinstance(patterns, str) else list(patterns)
    if not patterns or len(patterns) > _MOST_MODULES or len(set(patterns)) != len(patterns):
        raise _Refusal("modules holds %d patterns; give 1 to %d, each once" % (len(patterns), _MOST_MODULES))
    for pattern in patterns:
        if not isinstance(pattern, str) or not pattern.strip() or len(pattern) > _LONGEST_MODULE:
            raise _Refusal("modules holds %.60r; give names of modules and parameters with * and ?" % (pattern,))
        if not _named_by(pattern, paths):
            raise _Refusal("modules=%.60r is no parameter or module of the model (it has %s)"
                           % (pattern, _some(list(paths))))
    return patterns


def _require_modules(patterns, paths, trained):
    """Sees that every pattern names trained parameters, and none the same as another."""
    known = {}
    for pattern in patterns or []:
        found = frozenset(_named_by(pattern, paths) & trained)
        if not found:
            raise _Refusal("modules=%.60r holds no parameter that is trained" % pattern)
        if found in known:
            raise _Refusal("modules %.60r and %.60r are the same parameters; leave one out" % (known[found], pattern))
        known[found] = pattern


# ---- the loss


_F = torch.nn.functional
# The classes and functions of torch's losses, each by its name in run.json, with the options that run.json has of it.
_LOSSES = {
    "cross_entropy": ("CrossEntropyLoss", _F.cross_entropy, ("weight", "ignore_index", "label_smoothing")),
    "mse": ("MSELoss", _F.mse_loss, ()),
    "nll": ("NLLLoss", _F.nll_loss, ("weight", "ignore_index")),
    "bce_with_logits": ("BCEWithLogitsLoss", _F.binary_cross_entropy_with_logits, ("weight", "pos_weight")),
    "l1": ("L1Loss", _F.l1_loss, ()),
    "smooth_l1": ("SmoothL1Loss", _F.smooth_l1_loss, ("beta",)),
    "huber": ("HuberLoss", _F.huber_loss, ("delta",)),
    "poisson_nll": ("PoissonNLLLoss", _F.poisson_nll_loss, ("log_input", "full", "eps")),
}
_OPTIONS = {"weight": None, "ignore_index": None, "label_smoothing": 0.0, "pos_weight": None, "beta": 1.0, "delta": 1.0,
            "log_input": True, "full": False, "eps": 1e-8}


class _Loss:
    """The trained loss: as a function here, and as run.json tells it."""

    def __init__(self, kind, function, options=(), named=False):
        self.kind = kind          # a name of _LOSSES, or "script"
        self.function = function  # of outputs and targets, the user's own
        self.options = dict(options)
        self.named = named        # whether it was given by its name alone, and means torch's with the usual reading
        self.script = None        # the bytes of loss.pt
        self.couples = False      # whether a batch's loss is no mean of its samples' own
        self.target_type = None   # what a scripted loss gets as targets, where that is no floating-point type
        self.plain = False

    def tensors(self):
        return {"loss." + key: value.detach().cpu().to(torch.promote_types(value.dtype, torch.float32)).contiguous()
                for key, value in self.options.items() if torch.is_tensor(value)}

    def description(self):
        if self.plain:
            return self.kind
        told = {key: "loss." + key if torch.is_tensor(value) else value for key, value in self.options.items()
                if torch.is_tensor(value) or value != _OPTIONS[key]}
        if self.script is not None:
            told = dict({"file": "loss.pt"}, **({"couples": True} if self.couples else {}))
        return dict({"kind": self.kind}, **told)

    def stored(self, targets):
        return targets if targets.is_floating_point() else targets.to(torch.int64)

    def __call__(self, outputs, targets):
        if self.kind != "script":  # torch's losses are not there for every narrow type
            outputs = outputs.float() if outputs.dtype in (torch.float16, torch.bfloat16) else outputs
            targets = targets.to(outputs.dtype) if targets.is_floating_point() else targets
        return self.function(outputs, targets)


def _loss(loss):
    for kind, (name, function, options) in _LOSSES.items():
        if isinstance(loss, str) and loss == kind or loss is function:
            return _Loss(kind, function, {"ignore_index": -100} if "ignore_index" in options else {}, isinstance(loss, str))
        if type(loss) is getattr(torch.nn, name, None):
            if loss.reduction != "mean":
                raise _Refusal("the loss has reduction=%r; curvature is measured of the mean" % loss.reduction)
            return _Loss(kind, loss, {key: getattr(loss, key, _OPTIONS[key]) for key in options})
    if isinstance(loss, str) or not callable(loss):
        raise _Refusal("the loss is %r; give one of torch's losses (%s), or a function of outputs and targets"
                       % (loss, ", ".join(_LOSSES)))
    if isinstance(loss, torch.nn.Module) and any(p.requires_grad for p in loss.parameters()):
        raise _Refusal("the loss has trained parameters of its own (%s); make them parameters of the model"
                       % _some([name for name, p in loss.named_parameters() if p.requires_grad]))
    return _Loss("script", loss)


def _probe(loss, given, targets):
    if isinstance(targets, str):
        if not isinstance(given, collections.abc.Mapping) or targets not in given:
            raise _Refusal("probe_targets is %r, and probe_inputs have no such name" % targets)
        given, targets = {key: value for key, value in given.items() if key != targets}, given[targets]
    if not torch.is_tensor(targets):
        raise _Refusal("probe_targets is a %s; give a tensor" % type(targets).__name__)
    targets = _kept("probe_targets", targets)
    return _Inputs(given, targets), _probe_targets(loss, targets)


def _kept(name, tensor):
    """A tensor of the probe set, on the host."""
    tensor = tensor.detach().cpu().contiguous()
    if tensor.is_complex():
        raise _Refusal("%s are complex; give real and imaginary parts (torch.view_as_real)" % name)
    if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
        raise _Refusal("%s hold NaN or an infinity" % name)
    return tensor


def _probe_targets(loss, targets):
    if loss.kind == "script":
        return targets
    if loss.kind in ("cross_entropy", "nll"):
        if targets.is_floating_point():
            if loss.kind == "nll" or targets.dim() < 2:
                raise _Refusal("probe_targets are %s %s; %s needs class numbers [N], or [N, T] for outputs [N, K, T]"
                               % (targets.dtype, list(targets.shape), loss.kind))
            loss.options.pop("ignore_index", None)
            return targets
        targets = targets.to(torch.int64)
        ignored = loss.options.get("ignore_index")
        counted = targets[targets != ignored] if ignored is not None else targets
        if counted.numel() == 0:
            raise _Refusal("probe_targets hold nothing but ignore_index=%s" % ignored)
        if int(counted.min()) < 0:
            raise _Refusal("probe_targets hold %d; class numbers begin with 0, and positions that do not count hold the "
                           "loss's ignore_index (%s)" % (int(counted.min()), ignored))
        if counted.numel() == targets.numel():
            loss.options["ignore_index"] = None
        return targets
    if not targets.is_floating_point() and loss.kind != "bce_with_logits" and not loss.named:
        targets = targets.to(torch.float32)
    if not targets.is_floating_point():
        raise _Refusal("probe_targets are %s %s; %s needs floating-point %s"
                       % (targets.dtype, list(targets.shape), loss.kind, "[N, K]" if loss.kind == "mse" else "numbers"))
    if loss.named and targets.dim() == 1:
        targets = targets.reshape(-1, 1)
    return targets


# ---- what the model is given, and what it gives


class _Inputs:
    """The samples, as the training gives them to its model: one tensor, or several by position or by name."""

    def __init__(self, given, targets):
        self._given = given
        if torch.is_tensor(given):
            entries = [(None, given)]
        elif isinstance(given, collections.abc.Mapping):
            entries = list(given.items())
        elif isinstance(given, (tuple, list)):
            entries = list(enumerate(given))
        else:
            raise _Refusal("probe_inputs is a %s; give a tensor, a tuple of tensors, or a mapping of names to tensors"
                           % type(given).__name__)
        self.keys = [key for key, _ in entries]
        self.is_tensor = self.keys == [None]
        self.is_mapping = isinstance(given, collections.abc.Mapping)
        self.values = {key: self._checked(key, value, targets) for key, value in entries}
        if all(value is None for value in self.values.values()):
            raise _Refusal("probe_inputs hold no tensor")
        self.named([key for key in self.keys if self.values[key] is not None])

    def named(self, order, names=None):
        """Decides on the order of the tensors, by their keys, and on their names."""
        self.order = order
        self.names = [str(key) for key in order] if names is None else names
        if self.is_tensor:
            self.names = None if self.values[None].dtype != torch.bool else names or ["inputs"]

    @property
    def tensors(self):
        return tuple(self.values[key] for key in self.order)

    def label(self, key):
        return "probe_inputs" if key is None else "probe_inputs[%r]" % (key,)

    def structure(self, tensors):
        """Tensors in the place of the samples', in what the user gave."""
        found = dict(zip(self.order, tensors))
        values = [found.get(key) for key in self.keys]
        if self.is_tensor:
            return values[0]
        if self.is_mapping:
            return dict(zip(self.keys, values))
        if isinstance(self._given, list):
            return values
        return type(self._given)(*values) if hasattr(self._given, "_fields") else tuple(values)

    def shapes(self, tensors):
        if self.is_tensor:
            return str(list(tensors[0].shape))
        return ", ".join("%s %s" % (key, list(tensor.shape)) for key, tensor in zip(self.names, tensors))

    def _checked(self, key, value, targets):
        if value is None:
            return None
        if not torch.is_tensor(value):
            raise _Refusal("%s is a %s; probe_inputs must be tensors, leave out what is none"
                           % (self.label(key), type(value).__name__))
        tensor = _kept(self.label(key), value)
        if tensor.dim() == 0 or tensor.numel() == 0 or targets.dim() == 0 or targets.shape[0] != tensor.shape[0]:
            raise _Refusal("%s have shape %s and probe_targets %s; both must begin with the same N, 1 or more"
                           % (self.label(key), list(tensor.shape), list(targets.shape)))
        return tensor if tensor.is_floating_point() or tensor.dtype == torch.bool else tensor.to(torch.int64)


def _first(tensors, count):
    return tuple(tensor[:count] for tensor in tensors)


def _moved(tensors, device):
    return tuple(tensor.to(device) for tensor in tensors)


_LOGITS = object()


def _pick(outputs, count):
    """Where among several outputs those of the loss are: a key or a number, or the attribute `logits`; None for one
    tensor."""
    if torch.is_tensor(outputs):
        return None
    if isinstance(outputs, collections.abc.Mapping):
        entries = dict(outputs.items())
    else:
        if torch.is_tensor(getattr(outputs, "logits", None)):
            return _LOGITS
        entries = dict(enumerate(outputs)) if isinstance(outputs, (tuple, list)) else {}
    if torch.is_tensor(entries.get("logits")):
        return "logits"
    tensors = {key: list(value.shape) for key, value in entries.items() if torch.is_tensor(value)}
    found = [key for key, shape in tensors.items() if shape and shape[0] == count]
    if len(found) == 1:
        return found[0]
    raise _Refusal("the model returns a %s%s; give forward=, a function that returns the outputs as one tensor, or call "
                   "them `logits`" % (type(outputs).__name__, " of tensors %s" % _some(
                       ["%s %s" % entry for entry in tensors.items()]) if tensors else ""))


def _picked(outputs, pick):
    return outputs if pick is None else outputs.logits if pick is _LOGITS else outputs[pick]


def _called(model, forward, inputs):
    """The model as a module whose forward takes the tensors of `inputs` in their order and gives one tensor, and the
    training's own call of it as a function of the same tensors."""
    if forward is not None:
        arguments, call = None, lambda root, tensors: forward(root, inputs.structure(tensors))
    else:
        arguments, call = _arguments(model, inputs)
    with _evaluated(model) as device:
        few = _moved(_first(inputs.tensors, 3), device)
        try:
            outputs = call(model, few)
        except Exception as problem:
            raise _Refusal("the model cannot be called with probe_inputs %s (%s)" % (inputs.shapes(few), _line(problem)))
    pick = _pick(outputs, len(few[0]))
    if arguments is not None and pick is None and arguments.plain:
        return model, model
    watched = None
    if arguments is not None:
        with contextlib.suppress(Exception):
            watched = _with_arguments(model, arguments, pick, inputs)
    if watched is None:
        watched = _WithForward(model, lambda root, tensors: _picked(call(root, tensors), pick))
    return watched, lambda *tensors: _picked(call(model, tensors), pick)


class _Arguments:
    """How a training's call of its model is written with the tensors one by one."""

    def __init__(self, text, plain):
        self.text = text    # what stands between the brackets, with the tensors as {0}, {1}, ...
        self.plain = plain  # whether that is the tensors in their order


def _arguments(model, inputs):
    """How forward takes the samples, and the call itself."""
    positional, required, others, takes_more, takes_any = _parameters(model)
    keys = [key for key in inputs.keys if inputs.values[key] is not None]
    if inputs.is_tensor:
        inputs.named(keys, positional[:1])
        return _Arguments("{0}", True), lambda root, tensors: root(*tensors)
    whole = positional != [] and [name for name in required if name not in others] == positional[:1]
    if not inputs.is_mapping:
        if takes_more or len(inputs.keys) <= len(positional):
            count = len(inputs.keys)
            names = positional[:count] + ["input_%d" % i for i in range(len(positional), count)]
            inputs.named(keys, [names[key] for key in keys])
            text = ", ".join(_place(inputs, key) for key in inputs.keys)
            return (_Arguments(text, len(keys) == len(inputs.keys)),
                    lambda root, tensors: root(*inputs.structure(tensors)))
        if whole:
            return _Arguments(_literal(inputs), False), lambda root, tensors: root(inputs.structure(tensors))
        raise _Refusal("probe_inputs are %d tensors, and the model's forward takes %s"
                       % (len(inputs.keys), _some(positional) or "none"))
    known = [key for key in inputs.keys if takes_any or key in positional or key in others]
    strange = [key for key in keys if key not in known]
    if strange and not set(known) and whole:
        return _Arguments(_literal(inputs), False), lambda root, tensors: root(inputs.structure(tensors))
    if strange:
        raise _Refusal("%s is nothing that the model's forward takes (%s); leave it out"
                       % (inputs.label(strange[0]), _some(positional + others)))
    lacking = [name for name in required if name not in known]
    if lacking:
        raise _Refusal("the model's forward needs %s, which probe_inputs lack" % _some(lacking))
    places = {name: place for place, name in enumerate(positional + others)}
    known.sort(key=lambda key: places.get(key, len(places)))  # stable
    keys = [key for key in known if inputs.values[key] is not None]
    inputs.named(keys)
    text = ", ".join("%s=%s" % (key, _place(inputs, key)) for key in known)

    def call(root, tensors):
        given = inputs.structure(tensors)
        return root(**{key: given[key] for key in known})

    return _Arguments(text, known == positional[:len(known)] == keys), call


def _parameters(model):
    """The names of forward's parameters that may be given by position; of those that must be given; of those that go by
    name alone; whether it takes any number by position, and by name."""
    if isinstance(model, torch.jit.ScriptModule):
        given = model.forward.schema.arguments[1:]
        return [a.name for a in given], [a.name for a in given if not a.has_default_value()], [], False, False
    try:
        given = list(inspect.signature(model.forward).parameters.values())
    except (TypeError, ValueError):
        return [], [], [], True, True
    kinds = inspect.Parameter
    positional = [p.name for p in given if p.kind in (kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD)]
    others = [p.name for p in given if p.kind == kinds.KEYWORD_ONLY]
    required = [p.name for p in given if p.name in positional + others and p.default is kinds.empty]
    return (positional, required, others, any(p.kind == kinds.VAR_POSITIONAL for p in given),
            any(p.kind == kinds.VAR_KEYWORD for p in given))


def _place(inputs, key):
    return "None" if inputs.values[key] is None else "{%d}" % inputs.order.index(key)


def _literal(inputs):
    """The batch as one argument: a dict, a list or a tuple of the tensors."""
    if inputs.is_mapping:
        return "{{%s}}" % ", ".join("%r: %s" % (key, _place(inputs, key)) for key in inputs.keys)
    places = ", ".join(_place(inputs, key) for key in inputs.keys)
    return "[%s]" % places if type(inputs.structure(inputs.tensors)) is list else "(%s,)" % places


_FORWARD = """def forward(self, %s):
    outputs = self._curvature_call(%s)
    return outputs%s
"""
_sources = itertools.count()


def _with_arguments(model, arguments, pick, inputs):
    """The same model, with all that it has, under a class whose forward takes the tensors one by one. Its source is
    there to be scripted."""
    kind = type(model)
    if isinstance(model, torch.jit.ScriptModule) or "forward" in vars(model):
        return None  # it has no class of its own, or a forward beside it
    names = [name if name.isidentifier() and not keyword.iskeyword(name) and name not in ("self", "outputs")
             else "input_%d" % i for i, name in enumerate(inputs.names or ["inputs"])]
    source = _FORWARD % (", ".join(names), arguments.text.format(*names),
                         "" if pick is None else ".logits" if pick is _LOGITS else "[%r]" % (pick,))
    file = "<curvature_client %d>" % next(_sources)
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    made = {}
    exec(compile(source, file, "exec"), {"__name__": __name__}, made)
    own = kind.forward
    called = types.FunctionType(own.__code__, own.__globals__, "_curvature_call", own.__defaults__, own.__closure__)
    called.__annotations__, called.__kwdefaults__ = own.__annotations__, own.__kwdefaults__
    copy = object.__new__(type(kind.__name__, (kind,), {
        "forward": made["forward"], "_curvature_call": called, "__module__": kind.__module__, "__doc__": kind.__doc__}))
    object.__setattr__(copy, "__dict__", model.__dict__)
    return copy


class _WithForward(torch.nn.Module):
    """The model behind a function that calls it."""

    def __init__(self, model, function):
        super().__init__()
        self.model = model
        self._function = function
        self.training = model.training

    def forward(self, *tensors):
        return self._function(self.model, tensors)


# ---- the model as TorchScript


@contextlib.contextmanager
def _evaluated(model):
    """The model in evaluation mode, with its device; afterwards its modes and the training's random numbers, which trial
    passes must not use up, are as they were."""
    modes = [(module, module.training) for module in model.modules()]
    device = next((p.device for p in model.parameters()), torch.device("cpu"))
    on = [device.index if device.index is not None else torch.cuda.current_device()] if device.type == "cuda" else []
    try:
        model.eval()
        with torch.random.fork_rng(on):
            yield device
    finally:
        for module, mode in modes:
            module.training = mode


class _Casts:
    """The narrow types that the forward of a model computes in, by autocast within it, by hand or by its own tensors."""

    def __init__(self, model, call, few, keeps):
        self.types = set()
        try:
            with _evaluated(model) as device:
                self.types = _narrow_types(call, _moved(few, device))
        except Exception:  # a model that cannot be called is told of where it is exported
            pass
        self.keeps = keeps and bool(self.types)
        self.tolerated = max([_ROUNDED[kind] for kind in self.types] or [0.0])  # of two programs that round
        self.told = None  # a difference that the rounding explains, in words

    @property
    def names(self):
        return ", ".join(sorted(str(kind)[len("torch."):] for kind in self.types))

    def obstacle(self, script, few):
        """Why an exported program does not round as the model does; None where it does, or need not."""
        if not self.keeps:
            return None
        if script.inlined_graph.findAllNodes("prim::Enter", recurse=True):
            return "it opens autocast itself, whose casts are kept of traced programs alone"
        if _narrow_types(script, few) != self.types:
            return "it does not cast to %s" % self.names
        return None

    def explain(self, expected, given):
        """Takes down a difference of outputs that is more than the model's own type explains."""
        share = _largest(expected - given) / max(_largest(expected), 1e-30)
        if self.types and share > _TOLERANCES[torch.float32]:
            self.told = ("outputs of the exported program differ by %.2g of their size from the model's, which the rounding "
                         "to %s explains" % (share, self.names))


def _narrow_types(function, few):
    """The narrow types of whatever a function makes on its way."""
    from torch.utils._python_dispatch import TorchDispatchMode

    found = set()

    class _See(TorchDispatchMode):
        def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
            made = operation(*args, **(kwargs or {}))
            for tensor in made if isinstance(made, (tuple, list)) else [made]:
                if torch.is_tensor(tensor) and tensor.dtype in _ROUNDED:
                    found.add(tensor.dtype)
            return made

    with torch.enable_grad(), _See():
        function(*few)
    return found


def _export(model, call, inputs, loss, targets, micro_batch, batch_norm, casts):
    """The model as the bytes of model.pt, the names in it of the parameters and buffers that checkpoints carry, the loss, and
    the parameters that get no gradient though the outputs depend on them."""
    for name, tensor in list(model.named_parameters()) + list(model.named_buffers()):
        if tensor.is_complex():
            raise _Refusal("%s is complex (%s), and curvature is measured over real numbers: hold it as a real tensor "
                           "[..., 2], and take torch.view_as_complex of it in forward" % (name, tensor.dtype))
    modes = {name: module.training for name, module in model.named_modules()}
    with _evaluated(model) as device, torch.enable_grad():
        script, truth = _scripted(model, call, inputs, loss, targets, micro_batch, device, casts)
        if loss.kind == "script":
            outputs = truth.outputs.float() if truth.outputs.dtype in _ROUNDED else truth.outputs
            _script_loss(loss, outputs, targets.to(device))
        constant = truth.constant(call, _moved(_first(inputs, 8), device))
        content = _saved(script)
    copy = torch.jit.load(io.BytesIO(content), map_location="cpu")
    names = _names(copy, _unread(copy, model))
    if not any(not is_buffer for _, is_buffer in names):
        raise _Refusal("the model has no floating-point parameter")
    _make_reproducible(copy, names, _first(inputs, 3))
    if batch_norm != "eval":
        _keep_frozen(model, copy, modes)
    return _saved(copy), names, loss, constant


def _saved(script):
    """What torch.jit.save writes, with names beyond ASCII mended: it takes their bytes for negative numbers."""
    content = io.BytesIO()
    torch.jit.save(script, content)
    archive = zipfile.ZipFile(content)
    garbled = {}
    for name in archive.namelist():
        text = archive.read(name) if name.endswith(".py") else b""
        mended = _GARBLED.sub(lambda found: bytes([_BYTES[found.group()]]), text)
        if mended != text:
            garbled[name] = mended
    if not garbled:
        return content.getvalue()
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as written:
        for name in archive.namelist():
            written.writestr(zipfile.ZipInfo(name), garbled.get(name, archive.read(name)))
    return result.getvalue()


def _garbled(byte):
    """A byte of 128 or more as torch writes it: its octal digits, of a negative number."""
    number = byte - 256
    digits = (int(number / 64), int(math.fmod(number, 64) / 8), int(math.fmod(number, 8)))
    return b"\\" + bytes(48 + digit for digit in digits)


_BYTES = {_garbled(byte): byte for byte in range(128, 256)}
_GARBLED = re.compile(b"|".join(re.escape(text) for text in sorted(_BYTES)))


def _keep_frozen(model, script, modes):
    """Batch norms that stay in evaluation mode while the model is trained are told by the modes that the file has."""
    norms = torch.nn.modules.batchnorm._BatchNorm
    frozen = [name for name, module in model.named_modules() if isinstance(module, norms) and not modes[name]]
    if not modes[""] or not frozen:
        return
    for name, module in script.named_modules():
        module.training = modes.get(name, True)


def _scripted(model, call, inputs, loss, targets, micro_batch, device, casts):
    """The way of export that computes what the model computes, called as the training calls it, in outputs and gradients
    over the whole probe set."""
    few = _moved(_first(inputs, 3), device)
    first, second = call(*few), call(*few)
    _check_outputs(first, min(3, len(targets)), loss, targets)
    repeats = torch.equal(first, second)
    starts = list(range(0, len(targets), micro_batch)) + [len(targets)]
    if len(starts) > 2 and starts[-1] - starts[-2] == 1:  # as the engine cuts them, where it matters
        del starts[-2]
    parts = [_moved([tensor[a:b] for tensor in inputs], device) for a, b in zip(starts, starts[1:])]
    truth = _Derived(call, model, parts, loss, targets.to(device))
    problems = []
    # A trace holds the casts of autocast, which a script makes only while it runs.
    for export in (_by_trace, _by_script) if casts.keeps else (_by_script, _by_trace):
        try:
            script = export(model, few)
            outputs = script(*few)
            obstacle = casts.obstacle(script, few)
        except Exception as problem:
            problems.append((False, _line(problem)))
            continue
        if not torch.is_tensor(outputs):
            problems.append((False, "it returns a %s" % type(outputs).__name__))
            continue
        difference = obstacle
        if repeats and difference is None:
            try:
                derived = _Derived(script, model, parts, loss, targets.to(device))
                difference = _output_difference(call(*few), outputs, casts.tolerated) or truth.difference(
                    derived, casts.tolerated)
                casts.explain(truth.outputs, derived.outputs)
            except Exception as problem:
                difference = _line(problem)
        if difference is None:
            return script, truth
        problems.append((True, difference))
    if casts.keeps:
        raise _Refusal("autocast='keep' needs a program that casts to %s as the model does: traced, %s; scripted, %s"
                       % (casts.names, problems[0][1], problems[1][1]))
    (_, scripted), (goes, traced) = problems
    if not goes:
        raise _Refusal("the model goes neither through torch.jit.script (%s) nor through torch.jit.trace (%s)"
                       % (scripted, traced))
    raise _Refusal("traced, the model is another than called (%s): it takes decisions that depend on its inputs or on the "
                   "batch's size; write it so that torch.jit.script accepts it (%s)" % (traced, scripted))


def _by_script(model, few):
    script = model if isinstance(model, torch.jit.ScriptModule) else torch.jit.script(model)
    arguments = script.forward.schema.arguments[1:]
    if len(arguments) < len(few) or not all(argument.has_default_value() for argument in arguments[len(few):]):
        raise _Refusal("forward has %d arguments" % len(arguments))
    return script


def _by_trace(model, few):
    return torch.jit.trace(model, _first(few, max(1, len(few[0]) - 1)), check_trace=False)


class _Derived:
    """Outputs of a function, and the gradient of a loss of them, over the whole probe set."""

    def __init__(self, function, model, parts, loss, targets):
        self._named = [(name, p) for name, p in model.named_parameters() if p.requires_grad and p.numel()]
        # As in training: layers of torch's have other ways where no gradient is recorded.
        self.outputs = torch.cat([function(*part).detach() for part in parts])
        outputs = self.outputs.detach().requires_grad_()
        value = loss(outputs, targets)
        if not torch.is_tensor(value) or value.numel() != 1:
            raise _Refusal("the loss gives %s; it must give one number, the mean over the batch"
                           % ("the shape %s" % list(value.shape) if torch.is_tensor(value) else type(value).__name__))
        if not value.requires_grad:
            raise _Refusal("the loss does not depend on the model's outputs")
        (pull,) = torch.autograd.grad(value.sum(), outputs)
        self.gradients = [None] * len(self._named)
        place = 0
        for part in parts:
            given = function(*part)
            share = (given * pull[place:place + len(given)].detach()).sum()
            place += len(given)
            if not share.requires_grad or not self._named:
                continue
            found = torch.autograd.grad(share, [p for _, p in self._named], allow_unused=True)
            found = [g.to_dense() if g is not None and g.is_sparse else g for g in found]
            self.gradients = [old if new is None else new if old is None else old + new
                              for old, new in zip(self.gradients, found)]

    def constant(self, call, few):
        """The parameters that get no gradient, though the outputs depend on them: no optimiser moves them."""
        silent = [p for (_, p), gradient in zip(self._named, self.gradients) if gradient is None]
        found = []
        before = call(*few).detach() if silent else None
        for parameter in silent:
            kept = parameter.detach().clone()
            parameter.data.copy_(kept.double() * 1.1 + 1e-3)
            changed = not torch.equal(before, call(*few).detach())
            parameter.data.copy_(kept)
            if changed:
                found.append(parameter)
        return found

    def difference(self, other, tolerated=0.0):
        """What is different of another's, in words; None where nothing is."""
        told = _output_difference(self.outputs, other.outputs, tolerated)
        if told is not None:
            return told
        largest = max([_largest(g) for g in self.gradients if g is not None] or [0.0])
        for (name, parameter), mine, its in zip(self._named, self.gradients, other.gradients):
            mine = torch.zeros_like(parameter) if mine is None else mine
            its = torch.zeros_like(parameter) if its is None else its
            scale, distance = _largest(mine), _largest(mine - its)
            share = max(_tolerance(parameter), tolerated)
            if distance > share * scale + max(0.01 * _tolerance(parameter), 0.1 * tolerated) * largest:
                return "the gradient of %s differs by %.3g, where its largest is %.3g" % (name, distance, scale)
        return None


def _largest(tensor):
    return float(tensor.detach().abs().max()) if tensor.numel() else 0.0


_TOLERANCES = {torch.float64: 1e-6, torch.float32: 1e-3}
_ROUNDED = {torch.bfloat16: 5e-2, torch.float16: 1e-2}  # by how much programs that round to them may differ


def _tolerance(tensor):
    return _TOLERANCES.get(tensor.dtype, 5e-2)


def _agree(expected, given, tolerated=0.0):
    return _output_difference(expected, given, tolerated) is None


def _output_difference(expected, given, tolerated=0.0):
    if expected.shape != given.shape:
        return "outputs have shape %s, and from the exported program %s" % (list(expected.shape), list(given.shape))
    scale, distance = _largest(expected), _largest(expected - given)
    if not math.isfinite(scale) or distance <= max(_tolerance(expected), tolerated) * max(scale, 1e-30):
        return None
    place = int((expected - given).detach().abs().reshape(len(expected), -1).amax(1).argmax())
    return "outputs of sample %d differ by %.3g, where the largest is %.3g" % (place, distance, scale)


def _check_outputs(outputs, count, loss, targets):
    if outputs.dim() < 1 or len(outputs) != count:
        raise _Refusal("the model's outputs have shape %s for %d samples; they must begin with the samples"
                       % (list(outputs.shape), count))
    if loss.kind == "script":
        return
    given, wanted = list(outputs.shape), [count] + list(targets.shape[1:])
    if loss.kind in ("cross_entropy", "nll") and not targets.is_floating_point():
        if len(given) == 3 and given[1] == given[2] and len(wanted) == 2:
            raise _Refusal("the model's outputs %s may be [N, K, T] or [N, T, K]: say which by giving the loss as you "
                           "train with it, such as lambda outputs, targets: F.cross_entropy(outputs.flatten(0, 1), "
                           "targets.flatten())" % given)
        wanted = wanted[:1] + ([given[1]] if len(given) > 1 else [0]) + wanted[1:]
    if given != wanted:
        needed = "[N, K], or [N, K, T] for targets [N, T]" if loss.kind in ("cross_entropy", "nll") else "the targets' shape"
        raise _Refusal("the model's outputs have shape %s for %d samples with targets %s; %s needs %s. Another layout: "
                       "forward=, or a function as the loss" % (given, count, list(targets.shape), loss.kind, needed))
    if loss.kind in ("cross_entropy", "nll") and not targets.is_floating_point():
        ignored = loss.options.get("ignore_index")
        most = int((targets[targets != ignored] if ignored is not None else targets).max())
        if most >= given[1]:
            raise _Refusal("probe_targets hold class %d, but the model has %d outputs" % (most, given[1]))
    loss.plain = loss.kind in ("cross_entropy", "mse") and all(
        not torch.is_tensor(value) and value == _OPTIONS[key] for key, value in loss.options.items()) and (
        not targets.is_floating_point() and len(given) < 4 if loss.kind == "cross_entropy" else len(given) == 2)


# ---- a loss of the user's own as TorchScript


class _WithTargets(torch.nn.Module):
    """A loss whose targets come as the numbers that a bundle stores."""

    def __init__(self, function, kind):
        super().__init__()
        self.function = function
        self.kind = kind

    def forward(self, outputs, targets):
        return self.function(outputs, targets if self.kind is None else targets.to(self.kind))


class _ScriptWithTargets(torch.nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        return self.function(outputs, targets)


def _script_loss(loss, outputs, targets):
    outputs, count = outputs.detach(), len(outputs)
    stored = loss.stored(targets)
    kind = None if targets.is_floating_point() or targets.dtype == torch.int64 else targets.dtype
    twice = _number(loss, torch.cat([outputs, outputs]), torch.cat([targets, targets]))
    once = _number(loss, outputs, targets)
    if once is None or not math.isfinite(once):
        raise _Refusal("the loss of the probe set is %s" % once)
    if twice is not None and abs(twice - once) > 1e-3 * abs(once) and abs(twice - 2 * once) < 1e-3 * abs(twice):
        raise _Refusal("the loss is a sum over the batch (twice the samples give twice the loss); give a mean, such as "
                       "lambda outputs, targets: loss(outputs, targets) / len(outputs)")
    problems = []
    for way in ("script", "trace"):
        try:
            script = _scripted_loss(way, loss.function, kind, outputs, stored)
            problem = _loss_difference(loss, script, outputs, targets, stored)
        except Exception as failure:
            problem = _line(failure)
        if problem is None:
            break
        problems.append(problem)
    else:
        raise _Refusal("the loss goes neither through torch.jit.script (%s) nor through torch.jit.trace (%s)"
                       % tuple(problems))
    loss.script = _saved(script)
    # A mean over samples has the mean of its samples' own losses; whatever else is measured over the set as a whole.
    some = min(count, 64)
    whole = _number(loss, outputs[:some], targets[:some])
    parts = [_number(loss, outputs[i:i + 1], targets[i:i + 1]) for i in range(some)]
    halves = [_number(loss, outputs[a:b], targets[a:b]) for a, b in ((0, (count + 2) // 3), ((count + 2) // 3, count))
              if b > a]
    sizes = [(count + 2) // 3, count - (count + 2) // 3][:len(halves)]
    known = whole is not None and None not in parts and None not in halves
    loss.couples = not (known and _close(sum(parts) / some, whole)
                        and _close(sum(h * n for h, n in zip(halves, sizes)) / count, once))


def _close(one, other):
    return math.isfinite(one) and abs(one - other) <= 1e-4 * max(abs(one), abs(other), 1e-30)


def _number(loss, outputs, targets):
    try:
        with torch.no_grad():
            return float(loss(outputs, targets))
    except Exception:  # a batch of one that it cannot take
        return None


def _scripted_loss(way, function, kind, outputs, stored):
    if way == "script":
        if kind is not None:
            raise _Refusal("its targets are %s" % kind)
        return torch.jit.script(_ScriptWithTargets(function).eval())
    size = max(1, min(len(outputs) - 1, 3))
    return torch.jit.trace(_WithTargets(function, kind).eval(), (outputs[:size], stored[:size]), check_trace=False)


def _loss_difference(loss, script, outputs, targets, stored):
    """Values and gradients for the outputs, on batches of several sizes."""
    for size in sorted({len(outputs), max(1, len(outputs) // 2), min(2, len(outputs))}):
        mine, its = outputs[:size].clone().requires_grad_(), outputs[:size].clone().requires_grad_()
        value, other = loss(mine, targets[:size]), script(its, stored[:size])
        told = _output_difference(value.reshape(1), other.reshape(1))
        if told is not None:
            return "the loss of %d samples is %.6g, and from the exported program %.6g" % (size, value, other)
        gradient, = torch.autograd.grad(value.sum(), mine)
        pulled, = torch.autograd.grad(other.sum(), its)
        if _largest(gradient - pulled) > _tolerance(gradient) * max(_largest(gradient), 1e-30):
            return "the loss's gradient for %d samples differs by %.3g" % (size, _largest(gradient - pulled))
    return None


def _names(script, left_out):
    """(name, is a buffer), in order. A tied tensor is one, and the first of its names counts."""
    seen, names = set(), []
    for is_buffer, tensors in ((False, script.named_parameters()), (True, script.named_buffers())):
        for name, tensor in tensors:
            place = (is_buffer, tensor.data_ptr(), tensor.dtype, tuple(tensor.shape), tuple(tensor.stride()))
            carried = tensor.is_floating_point() or is_buffer and tensor.dtype in _WHOLES and name not in left_out
            if carried and (tensor.numel() == 0 or place not in seen):
                seen.add(place)
                names.append((name, is_buffer))
    return names


def _unread(script, model):
    """The buffers of whole numbers that no output depends on: those that the program never reads, and the counters of
    batches that batch norms alone count up while they train."""
    try:
        graph = script.inlined_graph  # its nodes live as long as it does
        if any(graph.findAllNodes(kind, recurse=True) for kind in ("prim::CallMethod", "prim::CallFunction", "prim::fork")):
            return set()
        read = graph.findAllNodes("prim::GetAttr", recurse=True)
        attributes = {node.s("name") for node in read}
        uses = [use.user for node in read if node.s("name") == _BATCH_COUNT for use in node.output().uses()]
        uses += [use.user for node in uses if node.kind() == "aten::add_" for use in node.output().uses()]
        counted = {node.kind() for node in uses} <= {"aten::add_", "aten::__is__", "aten::__isnot__", "prim::SetAttr"}
    except Exception:  # it cannot be told what is read
        return set()
    modules, left_out = dict(model.named_modules()), set()
    for name, _ in script.named_buffers():
        path, _, attribute = name.rpartition(".")
        if attribute not in attributes or attribute == _BATCH_COUNT and counted and isinstance(
                getattr(modules.get(path), "momentum", None), float):
            left_out.add(name)
    return left_out


def _make_reproducible(script, names, few):
    """Overwrites the weights, which come with each checkpoint: a training that is taken up again writes the same file."""
    numbers = torch.Generator().manual_seed(0)
    tensors = dict(list(script.named_parameters()) + list(script.named_buffers()))
    with torch.no_grad():
        for name, is_buffer in names:
            if not is_buffer:
                tensors[name].copy_(torch.empty(tensors[name].shape).uniform_(-0.1, 0.1, generator=numbers))
        for name, tensor in tensors.items():
            if name.endswith(("running_mean", _BATCH_COUNT)):
                tensor.zero_()
            elif name.endswith("running_var"):
                tensor.fill_(1)
    wholes = [tensors[name] for name, is_buffer in names if is_buffer and not tensors[name].is_floating_point()]
    if wholes:
        _fill_wholes(script, wholes, few)


def _fill_wholes(script, wholes, few):
    """Masks, counters and tables of indices get values with which the program goes, the same whatever they are now."""
    kept = [tensor.clone() for tensor in wholes]

    def goes():
        with torch.no_grad():
            given = script(*few)
        return given.shape == expected.shape and bool(torch.isfinite(given).all())

    def restore():
        for tensor, values in zip(wholes, kept):
            tensor.copy_(values)

    try:
        with torch.random.fork_rng([]), torch.no_grad():
            expected = script(*few)
            for values in (lambda tensor: torch.arange(tensor.numel()).view(tensor.shape), torch.ones_like, torch.zeros_like):
                for tensor in wholes:
                    tensor.copy_(torch.ones_like(tensor) if tensor.dtype == torch.bool else values(tensor))
                if _goes(goes):
                    return
    except Exception:
        pass
    restore()


# ---- checkpoints


class _State:
    """Where the named tensors of a model are, step after step."""

    def __init__(self, model, names, wants_second_moments, constant=()):
        self.root = model
        self._names = names
        self._wants_second_moments = wants_second_moments
        self.parameters = [name for name, is_buffer in names if not is_buffer]
        self.trained = set(self.parameters)
        self.parameter_count = len(self.parameters)
        self._resolve()
        self._wholes = {name: tensor.dtype for name, tensor in self.tensors().items()
                        if torch.is_tensor(tensor) and tensor.dtype in _WHOLES}
        fixed = {id(parameter) for parameter in constant}
        self._constant = {name for name, parameter in self.named_parameters() if id(parameter) in fixed}

    def _resolve(self):
        modules = dict(self.root.named_modules(remove_duplicate=False))
        self._edges = [(module._modules, key, child) for module in set(modules.values())
                       if not isinstance(module, torch.jit.ScriptModule) for key, child in module._modules.items()]
        self._places = []
        for name, is_buffer in self._names:
            path, _, attribute = name.rpartition(".")
            if path not in modules:
                raise _Refusal("the model has no module %s any more, which it had when the monitor was made" % path)
            module, store = modules[path], None
            if not isinstance(module, torch.jit.ScriptModule):
                store = module._buffers if is_buffer else module._parameters
            self._places.append((name, module, attribute, store))

    @property
    def modules_replaced(self):
        """Whether a module has been replaced since the places were looked up."""
        for children, key, child in self._edges:
            if children.get(key) is not child:
                return True
        return False

    def named_parameters(self):
        tensors = self.tensors()
        return [(name, tensors[name]) for name in self.parameters]

    def trained_by(self, optimizer, chosen, tensors):
        """The names of the parameters that an optimiser trains, among those that were chosen."""
        held = {id(p) for group in optimizer.param_groups for p in group["params"]}
        trained = {name for name in self.parameters
                   if tensors[name].requires_grad and id(tensors[name]) in held and name not in self._constant}
        trained = trained if chosen is None else trained & chosen
        if not trained:
            raise _Refusal("the optimiser trains no parameter of the model%s: are they this model's, with requires_grad?"
                           % ("" if chosen is None else " that was chosen"))
        return trained

    def tensors(self):
        if self.modules_replaced:
            self._resolve()
        found = {}
        for name, module, attribute, store in self._places:
            tensor = store.get(attribute) if store is not None else None
            # A plain number of the user's is a buffer of the exported program alone, and a ScriptModule has no stores.
            found[name] = getattr(module, attribute) if tensor is None else tensor
        return found

    def snapshot(self, tensors, moments):
        numbers_type = next((t.dtype for t in tensors.values() if torch.is_tensor(t)), torch.float32)
        # Whole numbers keep the type that the exported program has of them.
        tensors = dict(tensors, **{name: tensors[name].to(kind) for name, kind in self._wholes.items()
                                   if torch.is_tensor(tensors[name])})
        return _Snapshot([(name, tensors[name], is_buffer) for name, is_buffer in self._names], numbers_type, moments)

    def second_moments(self, optimizer, tensors, warn):
        """The second moments of all parameters that are stepped, under their names, and the optimiser's step count;
        (None, None) without them."""
        keys = _MOMENTS.get(type(optimizer).__name__.lower())
        if self._wants_second_moments is False or keys is None:
            return None, None
        greatest = any(group.get("amsgrad", False) for group in optimizer.param_groups)
        moments, steps, size = {}, set(), 0
        for name in self.parameters:
            state = optimizer.state.get(tensors[name]) if name in self.trained else None
            if not state:
                continue
            moment = next((state[key] for key in keys if key in state), None) if greatest else state.get(keys[-1])
            if moment is None:
                continue
            size += moment.numel() * moment.element_size()
            if state.get("grad_avg") is not None:
                moment = torch.addcmul(moment, state["grad_avg"], state["grad_avg"], value=-1)
            moments[_SECOND_MOMENT + name] = moment
            steps.add(int(state["step"]) if "step" in state else None)
        if not moments:
            return None, None
        if len(steps) > 1:
            warn("moments", "the optimiser has made %d steps of some parameters and %d of others; second moments are left out"
                 % (min(steps), max(steps)))
            return None, None
        if self._wants_second_moments is None and size > _MOMENTS_BUDGET:
            warn("moments", "the ratio to the stability limit of %s needs its second moments, %d MB a checkpoint; they are "
                 "sent with second_moments=True" % (type(optimizer).__name__, size >> 20))
            return None, None
        return moments, steps.pop()


class _NumbersAsBuffers:
    """While the model is exported, the plain numbers of the user's own modules are buffers, which checkpoints carry, where
    the model can be exported with them as well as without: a temperature, a weight of a term, that the training changes."""

    def __init__(self, model, few):
        self._model = model
        self._few = few
        self._taken = []

    def __enter__(self):
        dtype = next((p.dtype for p in self._model.parameters() if p.is_floating_point()), torch.float32)
        candidates = [(module, attribute) for module in self._model.modules()
                      if not type(module).__module__.startswith("torch.") and not isinstance(module, _WithForward)
                      for attribute, value in list(vars(module).items())
                      if type(value) is float and math.isfinite(value) and not attribute.startswith("_")]
        if not candidates or isinstance(self._model, torch.jit.ScriptModule):
            return
        try:
            with _evaluated(self._model) as device, torch.no_grad():
                scripts = _goes(lambda: torch.jit.script(self._model))
                few = _moved(self._few, device)
                expected = self._model(*few)
                for module, attribute in candidates:
                    value = module.__dict__.pop(attribute)
                    module.register_buffer(attribute, torch.tensor(value, dtype=dtype, device=device))
                    self._taken.append((module, attribute, value))
                    same = _goes(lambda: _agree(expected, self._model(*few)))
                    if not same or scripts and not _goes(lambda: torch.jit.script(self._model)):
                        self._give_back(*self._taken.pop())
            for module, attribute, _ in self._taken:  # whatever they are now, a training taken up again exports the same
                getattr(module, attribute).fill_(1)
        except Exception:
            self.__exit__()

    def __exit__(self, *_):
        while self._taken:
            self._give_back(*self._taken.pop())

    @staticmethod
    def _give_back(module, attribute, value):
        del module._buffers[attribute]
        module._non_persistent_buffers_set.discard(attribute)
        setattr(module, attribute, value)


def _goes(action):
    """Whether it raises nothing, and does not say no."""
    try:
        return action() is not False
    except Exception:
        return False


class _Comparison:
    """Now and then, in the background, the exported program beside the live model on some probe samples, both with the
    weights of a checkpoint. The model's copy is one of its modules alone: it has the checkpoint's memory as its tensors."""

    def __init__(self, model, few, tolerated=0.0):
        self._few = few
        self._tolerated = tolerated
        self._program = None
        self._found = False
        modules = list(model.modules())
        hooks = any(getattr(module, "_forward_hooks", None) for module in modules) or any(
            not type(hook).__module__.startswith("torch.") for module in modules
            for hook in getattr(module, "_forward_pre_hooks", {}).values())
        # A hook of the user's, and random numbers, belong to the training's thread.
        self._able = not (hooks or any(isinstance(m, torch.jit.ScriptModule) for m in modules)) and _draws_nothing(model, few)

    def prepare(self, state, snapshot, emitted):
        """A copy of the model to compare, of the 2nd, 4th, 8th, ... checkpoint, each 64th, and each after a difference."""
        nth = emitted + 1
        due = self._found or nth > 1 and (nth & nth - 1 == 0 or nth % 64 == 0)
        if not self._able or not due:
            return None
        try:
            views = {id(tensor): view for tensor, view in snapshot.pairs()}
            return _copied(state.root, views, {})
        except Exception:
            self._able = False
            return None

    def difference(self, content, snapshot):
        """By which share of their size the outputs differ; None where they agree or cannot be compared."""
        if not self._able:
            return None
        try:
            if self._program is None and content is not None:
                self._program = torch.jit.load(io.BytesIO(content), map_location="cpu").eval()
            model, snapshot.copied = snapshot.copied, None
            if model is None or self._program is None:
                return None
            for name, tensor in self._program.named_parameters():
                if name in snapshot.tensors.views:
                    tensor.data = snapshot.tensors.views[name]
            for name, tensor in self._program.named_buffers():
                if name in snapshot.tensors.views:
                    tensor.data = snapshot.tensors.views[name].clone()
            # A forward may change buffers, and the checkpoint must not change with them.
            own = {}
            for module in model.modules():
                for key, tensor in module._buffers.items():
                    if tensor is not None:
                        module._buffers[key] = own.setdefault(id(tensor), tensor.clone())
            # As in training: layers of torch's have other ways where no gradient is recorded.
            with torch.enable_grad():
                expected, given = model.cpu().eval()(*self._few).detach(), self._program(*self._few).detach()
            # A training that has broken gives no numbers to compare.
            self._found = bool(torch.isfinite(expected).all()) and not _agree(expected, given, self._tolerated)
            if not self._found:
                return None
            return float((expected - given).abs().max() / expected.abs().max().clamp_min(1e-30))
        except Exception:
            self._able = False  # such a model lives where its copy cannot; what is measured was compared at the start
            return None


def _copied(module, views, made):
    """The module with the same attributes and other tensors; what is no module of its own is shared."""
    if id(module) not in made:
        made[id(module)] = copy = module.__new__(type(module))
        copy.__dict__ = dict(module.__dict__)
        copy._parameters = {key: _held(tensor, views, True) for key, tensor in module._parameters.items()}
        copy._buffers = {key: _held(tensor, views, False) for key, tensor in module._buffers.items()}
        copy._modules = {key: None if child is None else _copied(child, views, made) for key, child in module._modules.items()}
    return made[id(module)]


def _held(tensor, views, is_parameter):
    if tensor is None:
        return None
    held = views.get(id(tensor))
    held = tensor.detach().clone() if held is None else held
    return torch.nn.Parameter(held, requires_grad=tensor.requires_grad) if is_parameter else held


def _draws_nothing(model, few):
    """Whether the model in evaluation mode takes no random numbers."""
    def drawn(device):
        on = [torch.cuda.get_rng_state(device)] if device.type == "cuda" else []
        return torch.cat([torch.get_rng_state()] + on)

    try:
        with _evaluated(model) as device, torch.no_grad():
            before = drawn(device)
            model(*_moved(few, device))
            return torch.equal(before, drawn(device))
    except Exception:
        return False


def _other_in_training(model, few):
    """The user's own modules that compute something else in training mode, apart from random numbers. torch's layers stay in
    evaluation mode, and its batch norm: measuring has modes of its own for these."""
    try:
        with _evaluated(model) as device, torch.enable_grad(), _norms_in_evaluation():
            tensors = _moved(few, device)
            twin = _copied(model, {}, {})
            own = [(name, module) for name, module in twin.named_modules() if not type(module).__module__.startswith("torch.")]
            for _, module in own:  # what forward takes down there is no matter of the training
                containers = {key: type(value)(value) for key, value in module.__dict__.items()
                              if type(value) in (list, dict, set) and not key.startswith("_")}
                module.__dict__.update(containers)
            if _is_same_in_training(twin, [module for _, module in own], tensors):
                return []
            return [name or type(module).__name__ for name, module in own[:32]
                    if _is_same_in_training(twin, [module], tensors) is False]
    except Exception:  # it is no module whose copy lives; the measurement says what it measures
        return []


def _is_same_in_training(model, modules, tensors):
    """Whether outputs are the same while these modules are in training mode; None where they are random."""
    expected = model(*tensors).detach()
    for module in modules:
        module.training = True
    try:
        first, second = model(*tensors), model(*tensors)
        if not torch.is_tensor(first):
            return False
        return _agree(expected, first.detach()) or (False if torch.equal(first, second) else None)
    except Exception:  # they have other arguments, or give something else
        return False
    finally:
        for module in modules:
            module.training = False


@contextlib.contextmanager
def _norms_in_evaluation():
    """torch's batch norm as a function, with the running statistics whatever its call asks for."""
    kept = torch.nn.functional.batch_norm

    def batch_norm(input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5):
        return kept(input, running_mean, running_var, weight, bias, training and running_mean is None, momentum, eps)

    torch.nn.functional.batch_norm = batch_norm
    try:
        yield
    finally:
        torch.nn.functional.batch_norm = kept


class _Tensors:
    """Named tensors in one piece of host memory, laid out as a safetensors file: header, then data."""

    def __init__(self, entries, pinned=False):
        entries = sorted(entries, key=lambda entry: -_SIZES[entry[2]])  # stable; the wider first, so that all are aligned
        header, places, end = {}, [], 0
        for name, shape, label in entries:
            begin, count = end, 1
            for extent in shape:
                count *= extent
            end += count * _SIZES[label]
            header[name] = {"dtype": label, "shape": list(shape), "data_offsets": [begin, end]}
            places.append((name, tuple(shape), label, begin, end))
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        self._header = len(text).to_bytes(8, "little") + text
        self._memory = torch.empty(end, dtype=torch.uint8, pin_memory=pinned)
        self.views = {name: self._memory[begin:stop].view(_TYPES[label]).view(shape)
                      for name, shape, label, begin, stop in places}
        self._targets = [(name, view, view.shape, view.dtype) for name, view in self.views.items()]
        self.byte_length = len(self._header) + end

    def copy(self, tensors, non_blocking=False):
        with torch.no_grad():
            for name, view, shape, dtype in self._targets:
                tensor = tensors[name]
                if not torch.is_tensor(tensor):
                    view.fill_(tensor)
                    continue
                if tensor.shape != shape:
                    raise _Refusal("%s has the shape %s now, and %s when the monitor was made"
                                   % (name, list(tensor.shape), list(shape)))
                if tensor.dtype != dtype and dtype in _WHOLES and not bool((tensor == tensor.to(dtype)).all()):
                    raise _Refusal("%s is %s now, and %s when the monitor was made" % (name, tensor.dtype, dtype))
                view.copy_(tensor, non_blocking)

    def parts(self):
        """The file's content in pieces, without a copy; valid until the next copy()."""
        data = (ctypes.c_char * self._memory.numel()).from_address(self._memory.data_ptr()) if self._memory.numel() else b""
        return [self._header, memoryview(data).cast("B")]


class _Snapshot:
    """The state of the training at one step, in memory that is used again for later ones."""

    def __init__(self, places, numbers_type, moments):
        self._moments = frozenset(moments or ())
        self.copied = None  # the model's modules with this memory as their tensors, where they are to be compared
        self._on_cuda = any(torch.is_tensor(tensor) and tensor.is_cuda for _, tensor, _ in places)
        places = [(name, tensor if torch.is_tensor(tensor) else torch.zeros((), dtype=numbers_type), is_buffer)
                  for name, tensor, is_buffer in places]
        entries = [(name, tensor.shape, _label(tensor)) for name, tensor, _ in places]
        entries += [(_SECOND_MOMENT + name, tensor.shape, "F32" if tensor.dtype != torch.float64 else "F64")
                    for name, tensor, is_buffer in places if not is_buffer and _SECOND_MOMENT + name in self._moments]
        self.tensors = _Tensors(entries, pinned=self._on_cuda)
        self._loss = torch.empty((), dtype=torch.float64, pin_memory=self._on_cuda)
        self._copied = None

    def suits(self, moments):
        """Whether its memory has a place for what there is now."""
        return self._moments == (moments.keys() if moments else frozenset())

    def take(self, tensors, moments, loss, settings, info):
        source = {**tensors, **(moments or {})}
        # From a GPU the copy is only queued: the stream keeps it before the next update of the parameters.
        self.tensors.copy(source, non_blocking=self._on_cuda)
        self._has_loss = loss is not None
        if torch.is_tensor(loss):
            self._loss.copy_(loss.detach().reshape(()), non_blocking=self._on_cuda)
        elif self._has_loss:
            self._loss.fill_(loss)
        if self._on_cuda:
            self._copied = torch.cuda.Event()
            self._copied.record()
        self._settings = settings
        self._source = source
        self._info = dict(info, time=time.time())

    def pairs(self):
        """The live tensors with the memory that holds their copies."""
        return [(tensor, self.tensors.views[name]) for name, tensor in self._source.items()
                if torch.is_tensor(tensor) and name in self.tensors.views and not name.startswith(_SECOND_MOMENT)]

    def wait(self, state):
        """What the checkpoint's JSON says, once the copy is done."""
        if self._copied is not None:
            self._copied.synchronize()
        seconds = self._info["time"]
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + ".%06dZ" % int(seconds % 1 * 1e6)
        names = {id(tensor): name for name, tensor in self._source.items()}
        unmoved = {name for name in state.parameters if _SECOND_MOMENT + name not in self._moments} if self._moments else ()
        rate, optimizer = self._settings.described(names, unmoved)
        info = dict(self._info, time=stamp, loss=_json_number(float(self._loss)) if self._has_loss else None,
                    learning_rate=rate, optimizer=optimizer)
        self._source = self._settings = None
        return {key: value for key, value in info.items() if value is not None}


def _json_number(value):
    """JSON has no NaN and no infinity: they are texts."""
    return value if math.isfinite(value) else "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _label(tensor):
    return _FLOATS.get(tensor.dtype, "F32") if tensor.is_floating_point() else _WHOLES.get(tensor.dtype, "I64")


# ---- what the optimiser tells


_NUMBERS = {"lr": "learning_rate", "momentum": "momentum", "dampening": "dampening", "eps": "eps", "weight_decay": "weight_decay",
            "momentum_decay": "momentum_decay", "lr_decay": "lr_decay"}
_FLAGS = ("nesterov", "maximize", "amsgrad", "centered")
# Under which names an optimiser keeps the second moments that it divides its steps by, the greatest so far first.
_MOMENTS = {"adam": ("max_exp_avg_sq", "exp_avg_sq"), "adamw": ("max_exp_avg_sq", "exp_avg_sq"), "nadam": ("exp_avg_sq",),
            "radam": ("exp_avg_sq",), "rmsprop": ("square_avg",), "adagrad": ("sum",)}


class _Settings:
    """The optimiser at one step. Made in the loop, so it only takes down what there is; told in the background."""

    def __init__(self, optimizer):
        self._kind = type(optimizer).__name__.lower()
        self._groups = [(tuple(group["params"]), {key: value.detach().clone() if torch.is_tensor(value) else value
                                                  for key, value in group.items() if key != "params"})
                        for group in optimizer.param_groups]

    def described(self, names, unmoved):
        """The rate that all groups agree on, and the groups with the names of their parameters."""
        groups = []
        for parameters, settings in self._groups:
            known = [names[id(p)] for p in parameters if id(p) in names and p.requires_grad and names[id(p)] not in unmoved]
            if not known and len(self._groups) > 1:
                continue
            group = {"parameters": known}
            for key, told in _NUMBERS.items():
                number = _finite(settings.get(key))
                if number is not None:
                    group[told] = number
            if isinstance(settings.get("betas"), (tuple, list)) and len(settings["betas"]) == 2:
                betas = [_finite(beta) for beta in settings["betas"]]
                if all(beta is not None and 0 <= beta < 1 for beta in betas):
                    group["betas"] = betas
            group.update((key, bool(settings[key])) for key in _FLAGS if isinstance(settings.get(key), bool))
            groups.append(group)
        if not groups:
            return None, None
        rates = {group.get("learning_rate") for group in groups}
        if any(rate is not None and rate < 0 for rate in rates):
            return None, None
        return rates.pop() if len(rates) == 1 else None, {"kind": self._kind, "groups": groups}


def _finite(value):
    try:
        value = float(value)
        return value if math.isfinite(value) else None
    except (TypeError, ValueError):
        return None


def _whole(name, value, what):
    if value is None:
        return None
    try:
        if isinstance(value, bool):
            raise TypeError
        value = operator.index(value.item() if torch.is_tensor(value) or hasattr(value, "item") else value)
    except (TypeError, ValueError, AttributeError):
        raise _Refusal("%s is %r; give %s" % (name, value, what))
    if value < 1:
        raise _Refusal("%s is %r; give %s" % (name, value, what))
    return value


def _hyper_parameters(optimizer):
    """What all parameter groups agree on at the beginning; what they do not agree on is unknown rather than wrong."""
    groups = [group for group in optimizer.param_groups if group.get("params")]

    def common(key):
        values = [group.get(key) for group in groups]
        return values[0] if values and all(value == values[0] for value in values) else None

    def number(value):
        return None if value is None else _finite(value)

    rates = "initial_lr" if all("initial_lr" in group for group in groups) else "lr"
    result = {"learning_rate": number(common(rates))}
    kind = type(optimizer).__name__.lower()
    keys = {"sgd": ("momentum", "nesterov", "dampening", "maximize"), "adam": ("betas", "eps", "amsgrad", "maximize"),
            "adamw": ("betas", "eps", "amsgrad", "maximize")}.get(kind, ())
    differ = any(common(key) is None and any(group.get(key) is not None for group in groups) for key in keys)
    # The limits of `sgd` and `adam` do not hold for these; under another name none is drawn.
    special = [key for key in ("dampening", "maximize") if common(key)]
    result["optimizer"] = None if differ else "_".join([kind] + special)
    result["weight_decay"] = number(common("weight_decay"))
    if kind == "sgd":
        result["momentum"] = number(common("momentum"))
        result["nesterov"] = None if common("nesterov") is None else bool(common("nesterov"))
    elif common("betas") is not None:
        result["betas"] = [float(beta) for beta in common("betas")]
        result["eps"] = number(common("eps"))
    return result


# ---- where checkpoints go


def _sink(directory, url, token, timeout, warn):
    if (directory is None) == (url is None):
        raise _Refusal("give directory= or url=, one of the two")
    return _Folder(os.fspath(directory), warn) if url is None else _Server(url, token, timeout)


class _Folder:
    """Bundles below a folder. Every file appears whole, by rename; run.json commits the bundle, a JSON file its checkpoint."""

    def __init__(self, directory, warn):
        self._directory = os.path.abspath(directory)
        self._warn = warn
        self._begun = False
        self._session = None
        self._mark = _owner()

    def checkpoint(self, run, parts, info, tensors):
        bundle = os.path.join(self._directory, run)
        folder = os.path.join(bundle, "checkpoints")
        if not self._begun:
            os.makedirs(folder, exist_ok=True)
            self._begin(bundle, parts)
            self._begun = True
            parts.clear()  # as large as the model, and not needed again
        else:
            other = _read_json(os.path.join(bundle, _OWNER))
            if other.get("owner", self._mark["owner"]) != self._mark["owner"]:
                raise _Refusal("process %s on %s writes to %s now; give one of the two another name"
                               % (other.get("pid"), other.get("host"), bundle))
        if info["session"] != self._session:
            self._set_aside(bundle, folder, info["step"])
            self._session = info["session"]
        name = os.path.join(folder, "step-%08d" % info["step"])
        if os.path.exists(name + ".json"):  # the old commit must not vouch for the new tensors
            os.remove(name + ".json")
        _write(name + ".safetensors", tensors.parts())
        _write(name + ".json", [json.dumps(info, allow_nan=False).encode()])
        return True

    def _begin(self, bundle, parts):
        self._take_over(bundle)
        manifest = os.path.join(bundle, "run.json")
        if not os.path.exists(manifest):
            for name in ("model.pt", "loss.pt", "probe.safetensors", "run.json"):
                if name in parts:
                    _write(os.path.join(bundle, name), [parts[name]])
            return
        # A training that is taken up again goes on in its bundle; its hyper-parameters may have changed meanwhile.
        with open(manifest, "rb") as file:
            old, new = json.loads(file.read()), json.loads(parts["run.json"])
        with open(os.path.join(bundle, "probe.safetensors"), "rb") as file:
            same_probe = file.read() == parts["probe.safetensors"]
        for key in ("training", "id"):
            old.pop(key, None), new.pop(key, None)
        for told in (old, new):
            told.setdefault("autocast", "off")
        if old != new or not same_probe:
            _remove(os.path.join(bundle, _OWNER))
            raise _Refusal("%s holds another run of that name; choose another name or remove it" % bundle)
        _remove(os.path.join(bundle, "finished.json"))

    def _take_over(self, bundle):
        """Marks the bundle as this training's, unless another one on this machine still writes to it."""
        path = os.path.join(bundle, _OWNER)
        other = _read_json(path)
        if other and other.get("owner") != self._mark["owner"]:
            who = "process %s on %s" % (other.get("pid"), other.get("host"))
            if other.get("host") == self._mark["host"]:
                if other.get("pid") != self._mark["pid"] and other.get("began") == _began(other.get("pid")) is not None:
                    raise _Refusal("%s is being written to by %s; choose another name" % (bundle, who))
            elif time.time() - os.path.getmtime(path) < 3600:
                self._warn("owner", "%s was begun by %s; if that training still goes on, give one of the two another name"
                           % (bundle, who))
        _write(path, [json.dumps(self._mark).encode()])

    def _set_aside(self, bundle, folder, first):
        """A step that comes again begins a new branch: what an earlier one has from there on is kept beside it."""
        later = [name for name in os.listdir(folder) if not name.endswith(_UNFINISHED)
                 and name.startswith("step-") and name[5:].split(".")[0].isdigit() and int(name[5:].split(".")[0]) >= first]
        if not later:
            return
        number = 1
        while os.path.exists(os.path.join(bundle, "branches", str(number))):
            number += 1
        aside = os.path.join(bundle, "branches", str(number))
        os.makedirs(aside)
        for name in sorted(later, key=lambda name: not name.endswith(".json")):  # what vouches for the others goes first
            os.replace(os.path.join(folder, name), os.path.join(aside, name))

    def finish(self, run, state):
        _write(os.path.join(self._directory, run, "finished.json"), [json.dumps({"state": state}).encode()])
        path = os.path.join(self._directory, run, _OWNER)
        if _read_json(path).get("owner") == self._mark["owner"]:
            _remove(path)


def _owner():
    """Who writes: one for each monitor, and enough of its process to see whether it still lives."""
    return {"owner": uuid.uuid4().hex, "host": socket.gethostname(), "pid": os.getpid(), "began": _began(os.getpid())}


def _began(process):
    """When a process of this machine began, in the system's own terms; None where there is none or it cannot be told."""
    try:
        with open("/proc/%d/stat" % process) as file:
            state, began = (lambda fields: (fields[0], fields[19]))(file.read().rpartition(")")[2].split())
        with open("/proc/sys/kernel/random/boot_id") as file:
            return None if state == "Z" else file.read().strip() + ":" + began
    except (OSError, TypeError, ValueError, IndexError):
        return None


def _read_json(path):
    try:
        with open(path, "rb") as file:
            return _json(file.read())
    except OSError:
        return {}


def _write(path, parts):
    unfinished = "%s.%s%s" % (path, uuid.uuid4().hex, _UNFINISHED)
    try:
        with open(unfinished, "wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        _remove(unfinished)
        raise


def _remove(path):
    try:
        os.remove(path)
    except OSError:
        pass


class _EarlyAnswer:
    """A server that refuses a body need not read all of it: what it answered counts, not that sending broke off."""

    def endheaders(self, *arguments, **options):
        try:
            super().endheaders(*arguments, **options)
        except (BrokenPipeError, ConnectionResetError):
            pass


class _Http(_EarlyAnswer, http.client.HTTPConnection):
    pass


class _Https(_EarlyAnswer, http.client.HTTPSConnection):
    pass


class _HttpHandler(urllib.request.HTTPHandler):
    def http_open(self, request):
        return self.do_open(_Http, request)


class _HttpsHandler(urllib.request.HTTPSHandler):
    def https_open(self, request):
        return self.do_open(_Https, request)


class _Server:
    """A server that takes checkpoints over HTTP."""

    def __init__(self, url, token, timeout):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise _Refusal("the url is %r; give one such as http://127.0.0.1:9464" % (url,))
        self._url = url.rstrip("/")
        self._token = token
        self._timeout = timeout
        self._begun = False
        # No proxy stands between this machine and itself.
        local = parts.hostname in ("localhost", "::1") or parts.hostname.startswith("127.")
        handlers = [_HttpHandler, _HttpsHandler] + ([urllib.request.ProxyHandler({})] if local else [])
        self._opener = urllib.request.build_opener(*handlers)

    def checkpoint(self, run, parts, info, tensors):
        if not self._begun:
            self._begin(run, parts)
        text = json.dumps(info, separators=(",", ":"), allow_nan=False).encode()
        ahead = [text] if len(text) > _LONGEST_HEADER else []
        headers = {"Content-Type": "application/octet-stream",
                   "Content-Length": str(tensors.byte_length + sum(len(part) for part in ahead))}
        if ahead:  # a model of many names: what is too long for a header goes before the tensors
            headers["X-Checkpoint-Length"] = str(len(text))
        else:
            headers["X-Checkpoint"] = text.decode("ascii")
        path = "/api/runs/%s/checkpoints/%d" % (run, info["step"])
        status, body = self._request("PUT", path, headers, ahead + tensors.parts())
        if status == 404:  # a server that was restarted without its memory
            self._begin(run, parts)
            status, body = self._request("PUT", path, headers, ahead + tensors.parts())
        if status in (200, 202):  # 200: it was there already
            return _json(body).get("state") != "superseded"
        raise _problem(status, body, fatal=status in (401, 403, 404, 413) or _json(body).get("title") == "Taken over")

    def _begin(self, run, parts):
        boundary = uuid.uuid4().hex
        body = []
        for name in ("run.json", "model.pt", "loss.pt", "probe.safetensors"):
            if name not in parts:
                continue
            kind = "application/json" if name == "run.json" else "application/octet-stream"
            body.append(('--%s\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\nContent-Type: %s\r\n\r\n'
                         % (boundary, name, name, kind)).encode())
            body += [parts[name], b"\r\n"]
        body.append(("--%s--\r\n" % boundary).encode())
        headers = {"Content-Type": "multipart/form-data; boundary=" + boundary,
                   "Content-Length": str(sum(len(part) for part in body))}
        status, answer = self._request("PUT", "/api/runs/" + run, headers, body)
        if status not in (200, 201):
            raise _problem(status, answer, fatal=400 <= status < 500 and status not in (408, 429))
        self._begun = True

    def finish(self, run, state):
        status, body = self._request("POST", "/api/runs/%s/finish" % run, {"Content-Type": "application/json"},
                                     json.dumps({"state": state}).encode())
        if status != 200:
            raise _problem(status, body, fatal=False)

    def _request(self, method, path, headers, body):
        request = urllib.request.Request(self._url + path, data=body, headers=headers, method=method)
        if self._token:
            request.add_header("Authorization", "Bearer " + self._token)
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read(65536)


def _json(body):
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {}


def _problem(status, body, fatal):
    told = _json(body)
    text = ": ".join(str(told[key]) for key in ("title", "detail") if told.get(key))
    return (_Refusal if fatal else OSError)("the server answered %d%s" % (status, " " + text if text else ""))


def _line(problem):
    lines = [" ".join(line.split()) for line in str(problem).splitlines() if line.strip()]
    if len(lines) > 3:  # TorchScript prints the code around an error, which the first and the last line tell
        lines = [lines[0], "...", lines[-1]]
    text = " ".join(lines)
    if not isinstance(problem, _Refusal):
        text = "%s: %s" % (type(problem).__name__, text) if text else type(problem).__name__
    return text if len(text) <= 300 else text[:300] + "..."
