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
    loss            "cross_entropy" or "mse", or torch's own nn.CrossEntropyLoss or nn.MSELoss, with mean reduction
    probe_inputs    [N, ...] the samples on which curvature is measured, as the model takes them; integers are token ids
    probe_targets   [N] classes (or [N, T] for outputs [N, K, T]); for mse [N, K] numbers
    directory       the folder in which bundles lie, one a run: <directory>/<run>. What `curvature serve --watch` watches
    url             the server, e.g. http://127.0.0.1:9464. Give a directory or a url
    every           emit the first step and each `every`-th one
    token           the server's bearer token; by default the environment's CURVATURE_TOKEN
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
                 training_samples=None, dataset=None, timeout=30.0):
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
            loss = _loss_name(loss)
            inputs, targets = _probe(loss, probe_inputs, probe_targets)
            watched = _unwrapped(model)
            if forward is not None:
                watched = _WithForward(watched, forward)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                script, names = _export(watched, inputs, loss, targets)
            self._state = _State(watched, names, second_moments)
            self._manifest = {
                "schema": 1, "run": run, "model": {"kind": "torchscript", "file": "model.pt"}, "loss": loss,
                "batch_norm": batch_norm,
                "micro_batch": int(micro_batch or batch_size or min(128, inputs.shape[0])),
                "training": {"dataset": dataset, "samples": training_samples, "batch_size": batch_size},
            }
            probe = _Tensors([("inputs", inputs.shape, _label(inputs)), ("targets", targets.shape, _label(targets))])
            probe.copy({"inputs": inputs, "targets": targets})
            self._sink = _sink(directory, url, token if token is not None else os.environ.get("CURVATURE_TOKEN"), timeout)
            self._parts = {"model.pt": script, "probe.safetensors": b"".join(bytes(part) for part in probe.parts())}
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
        if self._thread is None:
            self._manifest["training"].update(_hyper_parameters(optimizer, initial=True))
            self._manifest["training"] = {k: v for k, v in self._manifest["training"].items() if v is not None}
            self._parts["run.json"] = json.dumps(self._manifest, indent=1, allow_nan=False).encode()
            self._thread = threading.Thread(target=self._work, name="curvature-monitor", daemon=True)
            self._thread.start()
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


def _loss_name(loss):
    if loss in ("cross_entropy", torch.nn.functional.cross_entropy):
        return "cross_entropy"
    if loss in ("mse", torch.nn.functional.mse_loss):
        return "mse"
    if isinstance(loss, (torch.nn.CrossEntropyLoss, torch.nn.MSELoss)):
        if loss.reduction != "mean":
            raise _Refusal("the loss has reduction=%r; curvature is measured of the mean" % loss.reduction)
        if isinstance(loss, torch.nn.MSELoss):
            return "mse"
        if loss.weight is not None:
            raise _Refusal("the loss has class weights, which the measured one has not")
        if getattr(loss, "label_smoothing", 0.0) != 0.0:
            raise _Refusal("the loss has label_smoothing=%g, which the measured one has not" % loss.label_smoothing)
        return "cross_entropy"
    raise _Refusal("the loss is %r; give 'cross_entropy', 'mse', nn.CrossEntropyLoss() or nn.MSELoss()" % (loss,))


def _probe(loss, inputs, targets):
    if not torch.is_tensor(inputs) or not torch.is_tensor(targets):
        raise _Refusal("probe_inputs and probe_targets must be tensors")
    inputs, targets = inputs.detach().cpu().contiguous(), targets.detach().cpu().contiguous()
    if inputs.dim() == 0 or inputs.numel() == 0 or targets.dim() == 0 or targets.shape[0] != inputs.shape[0]:
        raise _Refusal("probe_inputs have shape %s and probe_targets %s; both must begin with the same N, 1 or more"
                       % (list(inputs.shape), list(targets.shape)))
    if not inputs.is_floating_point():
        inputs = inputs.to(torch.int64)
    if loss == "mse":
        targets = targets.reshape(targets.shape[0], -1) if targets.dim() == 1 else targets
        if not targets.is_floating_point() or targets.dim() != 2:
            raise _Refusal("probe_targets are %s %s; mse needs floating-point [N, K]" % (targets.dtype, list(targets.shape)))
    elif targets.is_floating_point() or targets.dim() > 2:
        raise _Refusal("probe_targets are %s %s; cross_entropy needs class numbers [N], or [N, T] for outputs [N, K, T]"
                       % (targets.dtype, list(targets.shape)))
    else:
        targets = targets.to(torch.int64)
        if int(targets.min()) < 0:
            raise _Refusal("probe_targets hold %d; class numbers begin with 0, and positions to ignore must be left out"
                           % int(targets.min()))
    for name, tensor in (("probe_inputs", inputs), ("probe_targets", targets)):
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            raise _Refusal("%s hold NaN or an infinity" % name)
    return inputs, targets


# ---- the model as TorchScript


def _export(model, inputs, loss, targets):
    """The model as the bytes of model.pt, and the names in it of all floating-point parameters and buffers."""
    modes = [(module, module.training) for module in model.modules()]
    device = next((p.device for p in model.parameters()), torch.device("cpu"))
    few = inputs[:3].to(device)
    on = [device.index if device.index is not None else torch.cuda.current_device()] if device.type == "cuda" else []
    try:
        model.eval()
        # Tracing and the trial forward passes must not use up the training's random numbers.
        with torch.random.fork_rng(on), torch.enable_grad():
            script = _scripted(model, few)
            with torch.no_grad():
                _check_outputs(script(few), few, loss, targets)
        content = io.BytesIO()
        torch.jit.save(script, content)
    finally:
        for module, mode in modes:
            module.training = mode
    content.seek(0)
    copy = torch.jit.load(content, map_location="cpu")
    names = _names(copy)
    if not any(not is_buffer for _, is_buffer in names):
        raise _Refusal("the model has no floating-point parameter")
    _make_reproducible(copy, names)
    content = io.BytesIO()
    torch.jit.save(copy, content)
    return content.getvalue(), names


def _scripted(model, few):
    try:
        model(few)
    except Exception as problem:
        raise _Refusal("the model cannot be called with probe_inputs %s (%s)" % (list(few.shape), _line(problem)))
    try:
        script = model if isinstance(model, torch.jit.ScriptModule) else torch.jit.script(model)
        if len(script.forward.schema.arguments) != 2:
            raise _Refusal("forward has more than one argument")
        script(few)
        return script
    except Exception as problem:
        not_scripted = problem
    try:
        script = torch.jit.trace(model, few[: max(1, len(few) - 1)], check_trace=False)
    except Exception as problem:
        raise _Refusal("the model goes neither through torch.jit.script (%s) nor through torch.jit.trace (%s)"
                       % (_line(not_scripted), _line(problem)))
    with torch.no_grad():
        first, second = model(few), model(few)
        if torch.equal(first, second) and not _agree(first, script(few)):
            raise _Refusal("traced, the model gives other outputs than called: it takes decisions that depend on its "
                           "inputs or on the batch's size; write it so that torch.jit.script accepts it (%s)"
                           % _line(not_scripted))
    return script


def _agree(expected, given):
    scale = float(expected.abs().max())
    tolerance = 1e-6 if expected.dtype == torch.float64 else 1e-3
    return expected.shape == given.shape and float((expected - given).abs().max()) <= tolerance * max(scale, 1e-6)


def _check_outputs(outputs, few, loss, targets):
    if not torch.is_tensor(outputs):
        raise _Refusal("the model returns a %s; give forward=, a function that returns the outputs as one tensor"
                       % type(outputs).__name__)
    wanted = [len(few)] + ([outputs.shape[1] if outputs.dim() > 1 else 0] if loss == "cross_entropy" else []) + list(targets.shape[1:])
    if list(outputs.shape) != wanted or outputs.dim() < 2:
        raise _Refusal("the model's outputs have shape %s for %d samples with targets %s; %s needs %s"
                       % (list(outputs.shape), len(few), list(targets.shape), loss,
                          "[N, K], or [N, K, T] for targets [N, T]" if loss == "cross_entropy" else "the targets' shape"))
    if loss == "cross_entropy" and int(targets.max()) >= outputs.shape[1]:
        raise _Refusal("probe_targets hold class %d, but the model has %d outputs" % (int(targets.max()), outputs.shape[1]))


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

    def __init__(self, model, names, wants_second_moments):
        modules = dict(model.named_modules(remove_duplicate=False))
        self._places = []
        self._wants_second_moments = wants_second_moments
        for name, is_buffer in names:
            path, _, attribute = name.rpartition(".")
            self._places.append((name, modules[path], attribute, is_buffer))

    def tensors(self):
        return {name: getattr(module, attribute) for name, module, attribute, _ in self._places}

    def snapshot(self, has_moments):
        return _Snapshot([(n, t, b) for (n, _, _, b), t in zip(self._places, self.tensors().values())], has_moments)

    def second_moments(self, optimizer, warn):
        """Adam's second moments of all parameters under their names, and its step count; (None, None) without them."""
        if not self._wants_second_moments:
            return None, None
        greatest = any(group.get("amsgrad", False) for group in optimizer.param_groups)
        key = "max_exp_avg_sq" if greatest else "exp_avg_sq"
        moments, step = {}, None
        for name, module, attribute, is_buffer in self._places:
            if is_buffer:
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

    def __init__(self, places, has_moments):
        self.has_moments = has_moments
        self._on_cuda = any(tensor.is_cuda for _, tensor, _ in places)
        entries = [(name, tensor.shape, _label(tensor)) for name, tensor, _ in places]
        if has_moments:
            entries += [(_SECOND_MOMENT + name, tensor.shape, "F32" if tensor.dtype != torch.float64 else "F64")
                        for name, tensor, is_buffer in places if not is_buffer]
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
            for name in ("model.pt", "probe.safetensors", "run.json"):
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
        for name in ("run.json", "model.pt", "probe.safetensors"):
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
