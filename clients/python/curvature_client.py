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
import ctypes
import fnmatch
import http.client
import io
import json
import math
import os
import re
import sys
import threading
import time
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
_SECOND_MOMENT = "optimizer.exp_avg_sq."
_FLOATS = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16"}
_SIZES = {"F64": 8, "I64": 8, "F32": 4, "F16": 2, "BF16": 2}
_TYPES = {"F64": torch.float64, "I64": torch.int64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}


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
    probe_inputs    [N, ...] the samples on which curvature is measured, as the model takes them; integers are token ids
    probe_targets   [N, ...] what the loss takes as targets of those samples
    directory       the folder in which bundles lie, one a run: <directory>/<run>. What `curvature serve --watch` watches
    url             the server, e.g. http://127.0.0.1:9464. Give a directory or a url
    every           emit the first step and each `every`-th one
    token           the server's bearer token; by default the environment's CURVATURE_TOKEN
    parameters      the parameters over which curvature is measured, by names of parameters or modules, with * and ?:
                    "head.*", ["*.lora_A", "*.lora_B"]; by default those that the optimiser trains. Others are constants
    forward         forward(model, inputs) -> outputs, where calling the model does not give the loss's logits
    batch_norm      what batch norm normalises with while curvature is measured: "eval" (the running statistics),
                    "train" (each micro-batch its own) or "recompute" (statistics of the whole probe set)
    micro_batch     samples that are measured at once; by default batch_size, else 128
    second_moments  send Adam's second moments too: the preconditioned sharpness needs them
    batch_size, training_samples, dataset
                    what the optimiser cannot tell about the training; all optional
    timeout         seconds that one request may take, and that close() waits for the last checkpoint to get out

    Make it once the model exists, before or after a state is loaded; use it as a context manager, call close(), or let the
    end of the process do it.
    """

    def __init__(self, run, model, loss, probe_inputs, probe_targets, directory=None, url=None, every=50, token=None,
                 forward=None, batch_norm="eval", micro_batch=None, second_moments=False, batch_size=None,
                 training_samples=None, dataset=None, timeout=30.0, parameters=None):
        self.run = run
        self.steps = 0        # calls of step(), or the number given to it
        self.emitted = 0      # checkpoints copied
        self.delivered = 0    # written, or accepted by the server
        self.superseded = 0   # replaced by a newer one, here or at the server
        self.failed = 0       # could not be written or sent
        self.last_emitted = None
        self._every = every
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
            if not isinstance(every, int) or every < 1:
                raise _Refusal("every is %r; give a number of steps" % (every,))
            if batch_norm not in ("train", "eval", "recompute"):
                raise _Refusal("batch_norm is %r; give 'train', 'eval' or 'recompute'" % (batch_norm,))
            loss = _loss(loss)
            inputs, targets = _probe(loss, probe_inputs, probe_targets)
            watched = _unwrapped(model)
            if forward is not None:
                watched = _WithForward(watched, forward)
            micro_batch = int(micro_batch or batch_size or min(128, inputs.shape[0]))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                script, names, loss, constant = _export(watched, inputs, loss, targets, micro_batch, batch_norm)
            targets = loss.stored(targets)
            self._state = _State(watched, names, second_moments, constant)
            self._chosen = _chosen(parameters, self._state, watched)
            self._manifest = {
                "schema": 1, "run": run, "model": {"kind": "torchscript", "file": "model.pt"}, "loss": loss.description(),
                "batch_norm": batch_norm,
                "micro_batch": inputs.shape[0] if loss.couples else micro_batch,
                "training": {"dataset": dataset, "samples": training_samples, "batch_size": batch_size},
            }
            probe_tensors = dict(loss.tensors(), inputs=inputs, targets=targets)
            probe = _Tensors([(name, tensor.shape, _label(tensor)) for name, tensor in probe_tensors.items()])
            probe.copy(probe_tensors)
            self._sink = _sink(directory, url, token if token is not None else os.environ.get("CURVATURE_TOKEN"), timeout)
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

    def step(self, optimizer, loss=None, step=None):
        """Call it after optimizer.step(). `loss` is a number or a tensor; `step` overrides the count of these calls."""
        try:
            self.steps = self.steps + 1 if step is None else int(step)
            if self._disabled or self._closed or (self.steps % self._every != 0 and self.last_emitted is not None):
                return
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

    def _emit(self, optimizer, loss):
        trained = self._state.trained_by(optimizer, self._chosen)
        if self._thread is None:
            self._state.trained = trained
            if len(trained) < self._state.parameter_count:
                self._manifest["parameters"] = [name for name in self._state.tensors() if name in trained]
            self._manifest["training"].update(_hyper_parameters(optimizer, initial=True))
            self._manifest["training"] = {k: v for k, v in self._manifest["training"].items() if v is not None}
            self._parts["run.json"] = json.dumps(self._manifest, indent=1, allow_nan=False).encode()
            self._thread = threading.Thread(target=self._work, name="curvature-monitor", daemon=True)
            self._thread.start()
        elif trained != self._state.trained:
            raise _Refusal("other parameters are trained now than when the run began (%s); make a Monitor of another name"
                           % _some(sorted(trained ^ self._state.trained)))
        moments, optimizer_step = self._state.second_moments(optimizer, self._warn)
        with self._changed:
            # The newest wins: the memory of a checkpoint that still waits is written over.
            snapshot, self._waiting = self._waiting, None
            if snapshot is not None:
                self.superseded += 1
            else:
                snapshot, self._spare = self._spare, None
        if snapshot is None or snapshot.has_moments != (moments is not None):
            snapshot = self._state.snapshot(moments is not None)
        rate = _hyper_parameters(optimizer).get("learning_rate")
        snapshot.take(self._state, moments, loss, {"step": self.steps, "time": None, "loss": None, "learning_rate": rate,
                                                   "optimizer_step": optimizer_step})
        with self._changed:
            self.emitted += 1
            self.last_emitted = self.steps
            self._waiting = snapshot
            self._changed.notify_all()

    # ---- the background thread's side

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
                    accepted = self._sink.checkpoint(self.run, self._parts, snapshot.wait(), snapshot.tensors)
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


class _WithForward(torch.nn.Module):
    """The model behind a function of the user's that calls it."""

    def __init__(self, model, function):
        super().__init__()
        self.model = model
        self._function = function
        self.training = model.training

    def forward(self, inputs):
        return self._function(self.model, inputs)


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


def _chosen(patterns, state, model):
    """The names of the parameters that patterns choose; None where there is no choice."""
    if patterns is None:
        return None
    patterns = [patterns] if isinstance(patterns, str) else list(patterns)
    aliases = {}
    for path, module in model.named_modules(remove_duplicate=False):
        for name, parameter in module.named_parameters(recurse=False):
            aliases.setdefault(id(parameter), set()).add(path + "." + name if path else name)
    chosen = set()
    for pattern in patterns:
        found = set()
        for name, parameter in state.parameters():
            names = aliases.get(id(parameter), set()) | {name}
            names |= {other[len("model."):] for other in names if other.startswith("model.")}
            parts = [".".join(other.split(".")[:end]) for other in names for end in range(1, other.count(".") + 2)]
            if any(fnmatch.fnmatchcase(part, pattern) for part in parts):
                found.add(name)
        if not found:
            raise _Refusal("parameters=%r is no parameter or module of the model (it has %s)"
                           % (pattern, _some([name for name, _ in state.parameters()])))
        chosen |= found
    return chosen


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
        return {"loss." + key: value.detach().cpu().float().contiguous() if value.dtype != torch.float64
                else value.detach().cpu().contiguous()
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


def _probe(loss, inputs, targets):
    if not torch.is_tensor(inputs) or not torch.is_tensor(targets):
        raise _Refusal("probe_inputs and probe_targets must be tensors")
    inputs, targets = inputs.detach().cpu().contiguous(), targets.detach().cpu().contiguous()
    if inputs.dim() == 0 or inputs.numel() == 0 or targets.dim() == 0 or targets.shape[0] != inputs.shape[0]:
        raise _Refusal("probe_inputs have shape %s and probe_targets %s; both must begin with the same N, 1 or more"
                       % (list(inputs.shape), list(targets.shape)))
    for name, tensor in (("probe_inputs", inputs), ("probe_targets", targets)):
        if tensor.is_complex():
            raise _Refusal("%s are complex; give real and imaginary parts (torch.view_as_real)" % name)
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            raise _Refusal("%s hold NaN or an infinity" % name)
    if not inputs.is_floating_point():
        inputs = inputs.to(torch.int64)
    if loss.kind == "script":
        return inputs, targets
    if loss.kind in ("cross_entropy", "nll"):
        if targets.is_floating_point():
            if loss.kind == "nll" or targets.dim() < 2:
                raise _Refusal("probe_targets are %s %s; %s needs class numbers [N], or [N, T] for outputs [N, K, T]"
                               % (targets.dtype, list(targets.shape), loss.kind))
            loss.options.pop("ignore_index", None)
            return inputs, targets
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
        return inputs, targets
    if not targets.is_floating_point() and loss.kind != "bce_with_logits" and not loss.named:
        targets = targets.to(torch.float32)
    if not targets.is_floating_point():
        raise _Refusal("probe_targets are %s %s; %s needs floating-point %s"
                       % (targets.dtype, list(targets.shape), loss.kind, "[N, K]" if loss.kind == "mse" else "numbers"))
    if loss.named and targets.dim() == 1:
        targets = targets.reshape(-1, 1)
    return inputs, targets


# ---- the model as TorchScript


def _export(model, inputs, loss, targets, micro_batch, batch_norm):
    """The model as the bytes of model.pt, the names in it of all floating-point parameters and buffers, the loss, and
    the parameters that get no gradient though the outputs depend on them."""
    for name, tensor in list(model.named_parameters()) + list(model.named_buffers()):
        if tensor.is_complex():
            raise _Refusal("%s is complex (%s), and curvature is measured over real numbers: hold it as a real tensor "
                           "[..., 2], and take torch.view_as_complex of it in forward" % (name, tensor.dtype))
    modes = [(module, module.training) for module in model.modules()]
    named_modes = {name: module.training for name, module in model.named_modules()}
    device = next((p.device for p in model.parameters()), torch.device("cpu"))
    on = [device.index if device.index is not None else torch.cuda.current_device()] if device.type == "cuda" else []
    try:
        model.eval()
        # Tracing and the trial passes must not use up the training's random numbers.
        with torch.random.fork_rng(on), torch.enable_grad():
            script, truth = _scripted(model, inputs, loss, targets, micro_batch, device)
            if loss.kind == "script":
                _script_loss(loss, truth.outputs, targets.to(device))
            constant = truth.constant(model, inputs[:8].to(device))
        content = _saved(script)
    finally:
        for module, mode in modes:
            module.training = mode
    copy = torch.jit.load(io.BytesIO(content), map_location="cpu")
    names = _names(copy)
    if not any(not is_buffer for _, is_buffer in names):
        raise _Refusal("the model has no floating-point parameter")
    _make_reproducible(copy, names)
    if batch_norm != "eval":
        _keep_frozen(model, copy, named_modes)
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


def _scripted(model, inputs, loss, targets, micro_batch, device):
    """The way of export that computes what the model computes, in outputs and gradients over the whole probe set."""
    few = inputs[:3].to(device)
    try:
        first, second = model(few), model(few)
    except Exception as problem:
        raise _Refusal("the model cannot be called with probe_inputs %s (%s)" % (list(few.shape), _line(problem)))
    _check_outputs(first, few, loss, targets)
    repeats = torch.equal(first, second)
    parts = [part.to(device) for part in inputs.split(micro_batch)]
    if len(parts) > 1 and len(parts[-1]) == 1:  # as the engine cuts them, where it matters
        parts[-2:] = [torch.cat(parts[-2:])]
    truth = _Derived(model, model, parts, loss, targets.to(device))
    problems = []
    for way, export in (("scripted", _by_script), ("traced", _by_trace)):
        try:
            script = export(model, few)
            outputs = script(few)
        except Exception as problem:
            problems.append((way, None, _line(problem)))
            continue
        if not torch.is_tensor(outputs):
            problems.append((way, None, "it returns a %s" % type(outputs).__name__))
            continue
        difference = None
        if repeats:
            try:
                difference = _output_difference(model(few), outputs) or truth.difference(
                    _Derived(script, model, parts, loss, targets.to(device)))
            except Exception as problem:
                difference = _line(problem)
        if difference is None:
            return script, truth
        problems.append((way, difference, difference))
    (_, _, scripted), (_, differs, traced) = problems
    if differs is None:
        raise _Refusal("the model goes neither through torch.jit.script (%s) nor through torch.jit.trace (%s)"
                       % (scripted, traced))
    raise _Refusal("traced, the model is another than called (%s): it takes decisions that depend on its inputs or on the "
                   "batch's size; write it so that torch.jit.script accepts it (%s)" % (traced, scripted))


def _by_script(model, few):
    script = model if isinstance(model, torch.jit.ScriptModule) else torch.jit.script(model)
    if len(script.forward.schema.arguments) != 2:
        raise _Refusal("forward has more than one argument")
    return script


def _by_trace(model, few):
    return torch.jit.trace(model, few[: max(1, len(few) - 1)], check_trace=False)


class _Derived:
    """Outputs of a function, and the gradient of a loss of them, over the whole probe set."""

    def __init__(self, function, model, parts, loss, targets):
        self._named = [(name, p) for name, p in model.named_parameters() if p.requires_grad and p.numel()]
        with torch.no_grad():
            self.outputs = torch.cat([function(part) for part in parts])
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
            given = function(part)
            share = (given * pull[place:place + len(part)].detach()).sum()
            place += len(part)
            if not share.requires_grad or not self._named:
                continue
            found = torch.autograd.grad(share, [p for _, p in self._named], allow_unused=True)
            found = [g.to_dense() if g is not None and g.is_sparse else g for g in found]
            self.gradients = [old if new is None else new if old is None else old + new
                              for old, new in zip(self.gradients, found)]

    def constant(self, model, few):
        """The parameters that get no gradient, though the outputs depend on them: no optimiser moves them."""
        silent = [p for (_, p), gradient in zip(self._named, self.gradients) if gradient is None]
        found = []
        with torch.no_grad():
            before = model(few) if silent else None
            for parameter in silent:
                kept = parameter.detach().clone()
                parameter.copy_(kept.double() * 1.1 + 1e-3)
                changed = not torch.equal(before, model(few))
                parameter.copy_(kept)
                if changed:
                    found.append(parameter)
        return found

    def difference(self, other):
        """What is different of another's, in words; None where nothing is."""
        told = _output_difference(self.outputs, other.outputs)
        if told is not None:
            return told
        largest = max([_largest(g) for g in self.gradients if g is not None] or [0.0])
        for (name, parameter), mine, its in zip(self._named, self.gradients, other.gradients):
            mine = torch.zeros_like(parameter) if mine is None else mine
            its = torch.zeros_like(parameter) if its is None else its
            scale, distance = _largest(mine), _largest(mine - its)
            if distance > _tolerance(parameter) * scale + 0.01 * _tolerance(parameter) * largest:
                return "the gradient of %s differs by %.3g, where its largest is %.3g" % (name, distance, scale)
        return None


def _largest(tensor):
    return float(tensor.detach().abs().max()) if tensor.numel() else 0.0


def _tolerance(tensor):
    return {torch.float64: 1e-6, torch.float32: 1e-3}.get(tensor.dtype, 5e-2)


def _output_difference(expected, given):
    if expected.shape != given.shape:
        return "outputs have shape %s, and from the exported program %s" % (list(expected.shape), list(given.shape))
    scale, distance = _largest(expected), _largest(expected - given)
    if not math.isfinite(scale) or distance <= _tolerance(expected) * max(scale, 1e-30):
        return None
    place = int((expected - given).detach().abs().reshape(len(expected), -1).amax(1).argmax())
    return "outputs of sample %d differ by %.3g, where the largest is %.3g" % (place, distance, scale)


def _check_outputs(outputs, few, loss, targets):
    if not torch.is_tensor(outputs):
        raise _Refusal("the model returns a %s; give forward=, a function that returns the outputs as one tensor"
                       % type(outputs).__name__)
    if outputs.dim() < 1 or len(outputs) != len(few):
        raise _Refusal("the model's outputs have shape %s for %d samples; they must begin with the samples"
                       % (list(outputs.shape), len(few)))
    if loss.kind == "script":
        return
    given, wanted = list(outputs.shape), [len(few)] + list(targets.shape[1:])
    if loss.kind in ("cross_entropy", "nll") and not targets.is_floating_point():
        if len(given) == 3 and given[1] == given[2] and len(wanted) == 2:
            raise _Refusal("the model's outputs %s may be [N, K, T] or [N, T, K]: say which by giving the loss as you "
                           "train with it, such as lambda outputs, targets: F.cross_entropy(outputs.flatten(0, 1), "
                           "targets.flatten())" % given)
        wanted = wanted[:1] + ([given[1]] if len(given) > 1 else [0]) + wanted[1:]
    if given != wanted:
        needed = "[N, K], or [N, K, T] for targets [N, T]" if loss.kind in ("cross_entropy", "nll") else "the targets' shape"
        raise _Refusal("the model's outputs have shape %s for %d samples with targets %s; %s needs %s. Another layout: "
                       "forward=, or a function as the loss" % (given, len(few), list(targets.shape), loss.kind, needed))
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


def _names(script):
    """(name, is a buffer), in order. A tied tensor is one, and the first of its names counts."""
    seen, names = set(), []
    for is_buffer, tensors in ((False, script.named_parameters()), (True, script.named_buffers())):
        for name, tensor in tensors:
            place = (is_buffer, tensor.data_ptr(), tuple(tensor.shape), tuple(tensor.stride()))
            if tensor.is_floating_point() and (tensor.numel() == 0 or place not in seen):
                seen.add(place)
                names.append((name, is_buffer))
    return names


def _make_reproducible(script, names):
    """Overwrites the weights, which come with each checkpoint: a training that is taken up again writes the same file."""
    numbers = torch.Generator().manual_seed(0)
    tensors = dict(list(script.named_parameters()) + list(script.named_buffers()))
    with torch.no_grad():
        for name, is_buffer in names:
            if not is_buffer:
                tensors[name].copy_(torch.empty(tensors[name].shape).uniform_(-0.1, 0.1, generator=numbers))
        for name, tensor in tensors.items():
            if name.endswith(("running_mean", "num_batches_tracked")):
                tensor.zero_()
            elif name.endswith("running_var"):
                tensor.fill_(1)


# ---- checkpoints


class _State:
    """Where the named tensors of a model are, step after step."""

    def __init__(self, model, names, wants_second_moments, constant=()):
        self._constant = {id(parameter) for parameter in constant}
        modules = dict(model.named_modules(remove_duplicate=False))
        self._places = []
        self._wants_second_moments = wants_second_moments
        for name, is_buffer in names:
            path, _, attribute = name.rpartition(".")
            self._places.append((name, modules[path], attribute, is_buffer))
        self.trained = {name for name, is_buffer in names if not is_buffer}
        self.parameter_count = len(self.trained)

    def parameters(self):
        return [(name, getattr(module, attribute)) for name, module, attribute, is_buffer in self._places if not is_buffer]

    def trained_by(self, optimizer, chosen):
        """The names of the parameters that an optimiser trains, among those that were chosen."""
        held = {id(p) for group in optimizer.param_groups for p in group["params"]}
        trained = {name for name, p in self.parameters() if p.requires_grad and id(p) in held and id(p) not in self._constant}
        trained = trained if chosen is None else trained & chosen
        if not trained:
            raise _Refusal("the optimiser trains no parameter of the model%s: are they this model's, with requires_grad?"
                           % ("" if chosen is None else " that was chosen"))
        return trained

    def tensors(self):
        return {name: getattr(module, attribute) for name, module, attribute, _ in self._places}

    def snapshot(self, has_moments):
        return _Snapshot([(n, t, b) for (n, _, _, b), t in zip(self._places, self.tensors().values())],
                         self.trained if has_moments else ())

    def second_moments(self, optimizer, warn):
        """Adam's second moments of all parameters under their names, and its step count; (None, None) without them."""
        if not self._wants_second_moments:
            return None, None
        greatest = any(group.get("amsgrad", False) for group in optimizer.param_groups)
        key = "max_exp_avg_sq" if greatest else "exp_avg_sq"
        moments, step = {}, None
        for name, module, attribute, is_buffer in self._places:
            if is_buffer or name not in self.trained:
                continue
            state = optimizer.state.get(getattr(module, attribute), {})
            if key not in state:
                warn("moments", "the optimiser has no second moments of %s; they are left out" % name)
                return None, None
            moments[_SECOND_MOMENT + name] = state[key]
            step = int(state["step"]) if "step" in state else step
        return moments, step


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
        self._views = {name: self._memory[begin:stop].view(_TYPES[label]).view(shape)
                       for name, shape, label, begin, stop in places}
        self.byte_length = len(self._header) + end

    def copy(self, tensors, non_blocking=False):
        with torch.no_grad():
            for name, view in self._views.items():
                view.copy_(tensors[name].detach(), non_blocking=non_blocking)

    def parts(self):
        """The file's content in pieces, without a copy; valid until the next copy()."""
        data = (ctypes.c_char * self._memory.numel()).from_address(self._memory.data_ptr()) if self._memory.numel() else b""
        return [self._header, memoryview(data).cast("B")]


class _Snapshot:
    """The state of the training at one step, in memory that is used again for later ones."""

    def __init__(self, places, moments_of):
        self.has_moments = bool(moments_of)
        self._on_cuda = any(tensor.is_cuda for _, tensor, _ in places)
        entries = [(name, tensor.shape, _label(tensor)) for name, tensor, _ in places]
        entries += [(_SECOND_MOMENT + name, tensor.shape, "F32" if tensor.dtype != torch.float64 else "F64")
                    for name, tensor, is_buffer in places if not is_buffer and name in moments_of]
        self.tensors = _Tensors(entries, pinned=self._on_cuda)
        self._loss = torch.empty((), dtype=torch.float64, pin_memory=self._on_cuda)
        self._copied = None

    def take(self, state, moments, loss, info):
        source = state.tensors()
        source.update(moments or {})
        # From a GPU the copy is only queued: the stream keeps it before the next update of the parameters.
        self.tensors.copy(source, non_blocking=self._on_cuda)
        if torch.is_tensor(loss) and loss.numel() == 1:
            self._loss.copy_(loss.detach().reshape(()), non_blocking=self._on_cuda)
        else:
            self._loss.fill_(float(loss) if isinstance(loss, (int, float)) else float("nan"))
        if self._on_cuda:
            self._copied = torch.cuda.Event()
            self._copied.record()
        self._info = dict(info, time=time.time())

    def wait(self):
        """What the checkpoint's JSON says, once the copy is done."""
        if self._copied is not None:
            self._copied.synchronize()
        seconds = self._info["time"]
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + ".%06dZ" % int(seconds % 1 * 1e6)
        info = dict(self._info, time=stamp, loss=float(self._loss))
        return {key: value for key, value in info.items()
                if value is not None and not (isinstance(value, float) and not math.isfinite(value))}


def _label(tensor):
    return _FLOATS.get(tensor.dtype, "F32") if tensor.is_floating_point() else "I64"


# ---- what the optimiser tells


def _hyper_parameters(optimizer, initial=False):
    """What all parameter groups agree on; what they do not agree on is unknown rather than wrong."""
    groups = [group for group in optimizer.param_groups if group.get("params")]

    def common(key):
        values = [group.get(key) for group in groups]
        return values[0] if values and all(value == values[0] for value in values) else None

    def number(value):
        return None if value is None else float(value)

    rates = "initial_lr" if initial and all("initial_lr" in group for group in groups) else "lr"
    result = {"learning_rate": number(common(rates))}
    if not initial:
        return result
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


def _sink(directory, url, token, timeout):
    if (directory is None) == (url is None):
        raise _Refusal("give directory= or url=, one of the two")
    return _Folder(os.fspath(directory)) if url is None else _Server(url, token, timeout)


class _Folder:
    """Bundles below a folder. Every file appears whole, by rename; run.json commits the bundle, a JSON file its checkpoint."""

    def __init__(self, directory):
        self._directory = os.path.abspath(directory)
        self._begun = False

    def checkpoint(self, run, parts, info, tensors):
        bundle = os.path.join(self._directory, run)
        folder = os.path.join(bundle, "checkpoints")
        if not self._begun:
            os.makedirs(folder, exist_ok=True)
            self._begin(bundle, parts)
            self._begun = True
            parts.clear()  # as large as the model, and not needed again
        name = os.path.join(folder, "step-%08d" % info["step"])
        if os.path.exists(name + ".json"):  # the old commit must not vouch for the new tensors
            os.remove(name + ".json")
        _write(name + ".safetensors", tensors.parts())
        _write(name + ".json", [json.dumps(info).encode()])
        return True

    def _begin(self, bundle, parts):
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
        old.pop("training", None), new.pop("training", None)
        if old != new or not same_probe:
            raise _Refusal("%s holds another run of that name; choose another name or remove it" % bundle)
        _remove(os.path.join(bundle, "finished.json"))

    def finish(self, run, state):
        _write(os.path.join(self._directory, run, "finished.json"), [json.dumps({"state": state}).encode()])


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
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(tensors.byte_length),
                   "X-Checkpoint": json.dumps(info, separators=(",", ":"))}
        path = "/api/runs/%s/checkpoints/%d" % (run, info["step"])
        status, body = self._request("PUT", path, headers, tensors.parts())
        if status == 404:  # a server that was restarted without its memory
            self._begin(run, parts)
            status, body = self._request("PUT", path, headers, tensors.parts())
        if status in (200, 202):  # 200: it was there already
            return _json(body).get("state") != "superseded"
        raise _problem(status, body, fatal=status in (401, 403, 404, 413))

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
