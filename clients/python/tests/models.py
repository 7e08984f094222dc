"""Writes bundles of the kinds of models people train, each with what a dense float64 computation in PyTorch says of it.

    python3 models.py FOLDER

prints {"name": {"loss", "gradient", "hessian": [smallest, largest], "ggn": [smallest, largest], "modules": {"pattern":
[parameters, largest, trace]}}}. The reference shares no
code with the engine: whole matrices by PyTorch's own double backward, and their eigenvalues.
"""

import json
import math
import os
import sys
import warnings

import torch
from torch import nn

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."), os.path.dirname(os.path.abspath(__file__))]

import batches  # noqa: E402
from curvature_client import Monitor  # noqa: E402

SAMPLES, MICRO_BATCH, CLASSES, TOKENS, POSITIONS = 12, 5, 3, 7, 5


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.first_norm = nn.BatchNorm2d(channels)
        self.second = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.second_norm = nn.BatchNorm2d(channels)

    def forward(self, x):
        h = torch.relu(self.first_norm(self.first(x)))
        return torch.relu(x + self.second_norm(self.second(h)))


class Recurrent(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.embedding = nn.Embedding(TOKENS, 4)
        self.cells = kind(4, 5, num_layers=2, batch_first=True, dropout=0.5)
        self.head = nn.Linear(5, CLASSES)

    def forward(self, x):
        h, _ = self.cells(self.embedding(x))
        return self.head(h[:, -1])


class Attention(nn.Module):
    """Causal self-attention, written out: softmax(q kᵀ / √d + mask) v."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.project = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.register_buffer("mask", torch.triu(torch.full((POSITIONS, POSITIONS), -1e9), 1), persistent=False)

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = self.project(x).view(n, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        scores = q @ k.transpose(-2, -1) / math.sqrt(d / self.heads) + self.mask[:t, :t]
        return self.out((torch.softmax(scores, -1) @ v).transpose(1, 2).reshape(n, t, d))


class Transformer(nn.Module):
    """A language model: layer norm before attention and before the feed-forward part, head tied to the embedding or not."""

    def __init__(self, tied, width=6, heads=2):
        super().__init__()
        self.embedding = nn.Embedding(TOKENS, width)
        self.places = nn.Parameter(torch.randn(POSITIONS, width) * 0.1)
        self.before = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.between = nn.LayerNorm(width)
        self.feed = nn.Sequential(nn.Linear(width, 8), nn.GELU(), nn.Dropout(0.1), nn.Linear(8, width))
        self.after = nn.LayerNorm(width)
        self.head = nn.Linear(width, TOKENS, bias=False)
        if tied:
            self.head.weight = self.embedding.weight

    def forward(self, x):
        h = self.embedding(x) + self.places[: x.shape[1]]
        h = h + self.attention(self.before(h))
        h = h + self.feed(self.between(h))
        return self.head(self.after(h)).transpose(1, 2)


class Encoder(nn.Module):
    """PyTorch's own encoder layer, whose evaluation mode has a fused path without derivatives."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(TOKENS, 4)
        self.layer = nn.TransformerEncoderLayer(4, 2, dim_feedforward=6, batch_first=True, norm_first=True)
        self.head = nn.Linear(4, CLASSES)

    def forward(self, x):
        return self.head(self.layer(self.embedding(x)).mean(1))


def cnn():
    return nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.Softplus(), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(12, CLASSES))


def residual():
    return nn.Sequential(nn.Conv2d(1, 3, 3, bias=False), nn.BatchNorm2d(3), nn.ReLU(), Block(3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(3, CLASSES))


class Regression(nn.Module):
    """Goes through tracing only."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(4, 6), nn.Linear(6, 2)])

    def forward(self, x, **options):
        return self.layers[1](torch.sigmoid(self.layers[0](x)))


class AuxiliaryHead(nn.Module):
    """Scripted, it returns a pair always; called in evaluation mode, the outputs alone."""

    def __init__(self):
        super().__init__()
        self.body, self.head, self.other = nn.Linear(4, 6), nn.Linear(6, CLASSES), nn.Linear(6, CLASSES)

    def forward(self, x):
        h = torch.tanh(self.body(x))
        if self.training or torch.jit.is_scripting():
            return self.head(h), self.other(h)
        return self.head(h)


class BatchStatistics(nn.Module):
    """Asks for the batch's statistics itself, in every mode."""

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(4, 6), nn.Linear(6, CLASSES)
        self.register_buffer("mean", torch.zeros(6))
        self.register_buffer("variance", torch.ones(6))

    def forward(self, x):
        h = nn.functional.batch_norm(self.first(x), self.mean, self.variance, None, None, True, 0.1, 1e-5)
        return self.last(torch.tanh(h))


class Stopped(nn.Module):
    """A part without gradients, which a trace would not keep."""

    def __init__(self):
        super().__init__()
        self.body, self.head = nn.Linear(4, 6), nn.Linear(6, CLASSES)

    def forward(self, x):
        with torch.no_grad():
            h = torch.tanh(self.body(x))
        return self.head(h) + self.head.weight.sum()


class Segmentation(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Conv2d(1, 3, 3, padding=1), nn.Conv2d(3, CLASSES, 1)

    def forward(self, x):
        return self.last(torch.tanh(self.first(x)))


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.head = nn.Embedding(TOKENS, 3), nn.Linear(3, TOKENS)

    def forward(self, x):
        return self.head(torch.tanh(self.embedding(x))).transpose(1, 2)


def small(outputs=CLASSES, squeezed=False):
    layers = [nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, outputs)] + ([nn.Flatten(0)] if squeezed else [])
    return nn.Sequential(*layers)


def frozen():
    model = small()
    for parameter in model[0].parameters():
        parameter.requires_grad_(False)
    return model


def partly_frozen_norms():
    model = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Tanh(), nn.Linear(6, 5), nn.BatchNorm1d(5), nn.Linear(5, CLASSES))
    model[1].running_mean.normal_()
    model[1].running_var.uniform_(2, 6)
    model[1].eval()
    return model


class NormByFunction(nn.Module):
    """Calls batch norm itself, in the mode that its module is in."""

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(4, 6), nn.Linear(6, CLASSES)
        self.register_buffer("mean", torch.zeros(6))
        self.register_buffer("variance", torch.ones(6))
        self.weight = nn.Parameter(torch.ones(6))

    def forward(self, x):
        h = nn.functional.batch_norm(self.first(x), self.mean, self.variance, self.weight, None, self.training, 0.1, 1e-5)
        return self.last(torch.tanh(h))


class NormsWithoutStatistics(nn.Module):
    """Batch norm and instance norm by their functions, without running statistics."""

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Conv2d(1, 4, 3), nn.Linear(4, CLASSES)

    def forward(self, x):
        h = nn.functional.batch_norm(self.first(x), None, None, training=True)
        return self.last(torch.tanh(nn.functional.instance_norm(h)).square().mean((2, 3)))


@torch.jit.script
def root(x: torch.Tensor):
    y, rounds = torch.ones_like(x), 0
    while rounds < 30 and bool((y * y - x).abs().max() > 1e-9):
        y, rounds = 0.5 * (y + x / y), rounds + 1
    return y


@torch.jit.script_if_tracing
def picked(h: torch.Tensor, chooser: torch.Tensor):
    if bool(chooser.mean() > 0):
        result = torch.tanh(h)
    else:
        result = torch.sigmoid(h) * 2 - 1
    return result


class Root(nn.Module):
    """A scripted loop that ends by its values."""

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(4, 6), nn.Linear(6, CLASSES)

    def forward(self, x):
        return self.last(root(nn.functional.softplus(self.first(x)) + 0.5))


class Picked(Root):
    """A branch that is scripted when it is traced."""

    def forward(self, x, **options):
        h = self.first(x)
        return self.last(picked(h, h - 10))


class Packed(nn.Module):
    """Sentences packed by their lengths."""

    def __init__(self):
        super().__init__()
        self.embedding, self.cells, self.head = nn.Embedding(TOKENS, 4), nn.GRU(4, 5, batch_first=True), nn.Linear(5, CLASSES)

    def forward(self, x):
        lengths = (x != 0).sum(1).cpu()
        packed = nn.utils.rnn.pack_padded_sequence(self.embedding(x), lengths, batch_first=True, enforce_sorted=False)
        return self.head(self.cells(packed)[1][0])


class Longest(nn.Module):
    """Cut to the longest sentence of the batch; the mean is over the words."""

    def __init__(self):
        super().__init__()
        self.embedding, self.head = nn.Embedding(TOKENS, 4), nn.Linear(4, CLASSES)

    def forward(self, x):
        counts = (x != 0).sum(1)
        x = x[:, :int(counts.max())]
        h = torch.tanh(self.embedding(x)) * (x != 0).unsqueeze(2)
        return self.head(h.sum(1) / counts.unsqueeze(1))


class UntilTheEnd(nn.Module):
    """Reads word by word until every sentence has ended."""

    def __init__(self):
        super().__init__()
        self.embedding, self.cell, self.head = nn.Embedding(TOKENS, 4), nn.RNNCell(4, 4), nn.Linear(4, CLASSES)

    def forward(self, x):
        h, i = torch.zeros(x.size(0), 4, dtype=self.embedding.weight.dtype), 0
        while i < x.size(1) and bool((x[:, i] != 0).any()):
            h, i = torch.where((x[:, i] != 0).unsqueeze(1), self.cell(self.embedding(x[:, i]), h), h), i + 1
        return self.head(h)


def masked(outputs, targets):
    """A mean over the tokens that count, as language models have it: no mean over samples."""
    counted = (targets > 1).to(outputs.dtype)
    each = nn.functional.cross_entropy(outputs, targets, reduction="none")
    return (each * counted).sum() / counted.sum()


def log_cosh(outputs, targets):
    return torch.log(torch.cosh(outputs - targets)).mean()


class Focal(nn.Module):
    def __init__(self, gamma: float):
        super().__init__()
        self.gamma = gamma
        self.register_buffer("balance", torch.tensor([1.0, 2.0, 0.5]))

    def forward(self, outputs, targets):
        logs = torch.log_softmax(outputs, 1).gather(1, targets.unsqueeze(1)).squeeze(1)
        return (-self.balance[targets] * (1 - logs.exp()) ** self.gamma * logs).mean()


def probe(kind):
    if kind == "tokens":
        return torch.randint(0, TOKENS, (SAMPLES, POSITIONS)), torch.randint(0, CLASSES, (SAMPLES,))
    if kind == "sequences":
        text = torch.randint(0, TOKENS, (SAMPLES, POSITIONS + 1))
        return text[:, :-1].contiguous(), text[:, 1:].contiguous()
    if kind == "images":
        return torch.randn(SAMPLES, 1, 6, 6), torch.randint(0, CLASSES, (SAMPLES,))
    if kind == "pixels":
        return torch.randn(SAMPLES, 1, 3, 4), torch.randint(0, CLASSES, (SAMPLES, 3, 4))
    if kind == "numbers":
        return torch.randn(SAMPLES, 4), torch.randn(SAMPLES, 2)
    if kind == "single":
        return torch.randn(SAMPLES, 4), torch.randn(SAMPLES)
    if kind == "shares":
        return torch.randn(SAMPLES, 4), torch.softmax(torch.randn(SAMPLES, CLASSES), 1)
    if kind == "binary":
        return torch.randn(SAMPLES, 4), torch.randint(0, 2, (SAMPLES, 2)).float()
    if kind == "counts":
        return torch.randn(SAMPLES, 4), torch.randint(0, 5, (SAMPLES, 2)).float()
    if kind == "sentences":
        tokens = torch.randint(1, TOKENS, (SAMPLES, POSITIONS))
        for i in range(SAMPLES):
            tokens[i, 1 + i % (POSITIONS - 1):] = 0
        return tokens, torch.randint(0, CLASSES, (SAMPLES,))
    if kind == "padded":  # sentences of different lengths, so that micro-batches count differently
        tokens, targets = torch.randint(0, TOKENS, (SAMPLES, POSITIONS)), torch.randint(1, TOKENS, (SAMPLES, POSITIONS))
        for i in range(SAMPLES):
            targets[i, 1 + i % POSITIONS:] = 0
        return tokens, targets
    return torch.randn(SAMPLES, 4), torch.randint(0, CLASSES, (SAMPLES,))


MODELS = {
    "mlp": (lambda: nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Dropout(0.3), nn.Linear(8, CLASSES)), "vectors", "eval"),
    "mse-traced": (Regression, "numbers", "eval"),
    "cnn-bn-eval": (cnn, "images", "eval"),
    "cnn-bn-train": (cnn, "images", "train"),
    "residual-eval": (residual, "images", "eval"),
    "residual-train": (residual, "images", "train"),
    "lstm": (lambda: Recurrent(nn.LSTM), "tokens", "eval"),
    "gru": (lambda: Recurrent(nn.GRU), "tokens", "eval"),
    "transformer": (lambda: Transformer(tied=False), "sequences", "eval"),
    "transformer-tied": (lambda: Transformer(tied=True), "sequences", "eval"),
    "encoder": (Encoder, "tokens", "eval"),
    # Losses.
    "ignored": (Tagger, "padded", "eval", nn.CrossEntropyLoss(ignore_index=0)),
    "smoothed": (small, "vectors", "eval", nn.CrossEntropyLoss(label_smoothing=0.1)),
    "weighted": (small, "vectors", "eval", nn.CrossEntropyLoss(weight=torch.tensor([0.2, 1.0, 3.0]).double(), label_smoothing=0.2)),
    "weighted-ignored": (Tagger, "padded", "eval",
                         nn.CrossEntropyLoss(weight=torch.linspace(0.5, 2, TOKENS).double(), ignore_index=0, label_smoothing=0.1)),
    "shares": (small, "shares", "eval",
               nn.CrossEntropyLoss(weight=torch.tensor([0.2, 1.0, 3.0]).double(), label_smoothing=0.2)),
    "pixels": (Segmentation, "pixels", "eval", nn.CrossEntropyLoss(ignore_index=2)),
    "nll": (lambda: nn.Sequential(small(), nn.LogSoftmax(1)), "vectors", "eval",
            nn.NLLLoss(weight=torch.tensor([0.2, 1.0, 3.0]).double())),
    "bce": (lambda: small(2), "binary", "eval", nn.BCEWithLogitsLoss()),
    "bce-weighted": (lambda: small(2), "binary", "eval",
                     nn.BCEWithLogitsLoss(weight=torch.tensor([0.5, 2.0]).double(), pos_weight=torch.tensor([3.0, 0.7]).double())),
    "mse-images": (Segmentation, "pixels-as-numbers", "eval", nn.MSELoss()),
    "mse-single": (lambda: small(1, squeezed=True), "single", "eval", nn.MSELoss()),
    "l1": (lambda: small(2), "numbers", "eval", nn.L1Loss()),
    "smooth-l1": (lambda: small(2), "numbers", "eval", nn.SmoothL1Loss(beta=0.7)),
    "huber": (lambda: small(2), "numbers", "eval", nn.HuberLoss(delta=0.6)),
    "poisson": (lambda: small(2), "counts", "eval", nn.PoissonNLLLoss(full=True)),
    "poisson-rates": (lambda: nn.Sequential(small(2), nn.Softplus()), "counts", "eval", nn.PoissonNLLLoss(log_input=False)),
    "own-function": (lambda: small(2), "numbers", "eval", log_cosh),
    "own-module": (small, "vectors", "eval", Focal(1.5).double()),
    "own-lambda": (Tagger, "sequences", "eval",
                   lambda z, y: nn.functional.cross_entropy(z.transpose(1, 2).reshape(-1, TOKENS), y.reshape(-1))),
    "own-masked": (Tagger, "sequences", "eval", masked),
    # Modules.
    "modules": (lambda: Transformer(tied=True), "sequences", "eval", None, {"modules": ["attention", "*.bias", "feed.?.weight", "head", "*"]}),
    "modules-forward": (lambda: nn.Sequential(small(), nn.Linear(CLASSES, CLASSES)), "vectors", "eval", None,
                        {"modules": ["0.*", "1"], "forward": lambda model, x: model(x)}),
    "modules-frozen": (frozen, "vectors", "eval", None, {"modules": ["2", "*.weight"]}),
    # Parameters, programs and modes.
    "frozen": (frozen, "vectors", "eval"),
    "chosen": (lambda: Transformer(tied=True), "sequences", "eval", None, {"parameters": ["before", "*.bias"]}),
    "auxiliary": (AuxiliaryHead, "vectors", "eval"),
    "stopped": (Stopped, "vectors", "eval"),
    "norms-partly-frozen": (partly_frozen_norms, "vectors", "train", None, {"micro_batch": 6}),
    "norm-of-the-batch": (BatchStatistics, "vectors", "eval"),
    "norm-without-statistics": (lambda: nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6, track_running_stats=False), nn.Tanh(),
                                                      nn.Linear(6, CLASSES)), "vectors", "eval"),
    "norm-last-of-one": (lambda: nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Tanh(), nn.Linear(6, CLASSES)), "vectors",
                         "train", None, {"micro_batch": SAMPLES - 1}),
    "norm-by-function-eval": (NormByFunction, "vectors", "eval"),
    "norm-by-function-train": (NormByFunction, "vectors", "train"),
    "norms-of-their-own": (NormsWithoutStatistics, "images", "eval"),
    "root": (Root, "vectors", "eval"),
    "picked": (Picked, "vectors", "eval"),
    "packed": (Packed, "sentences", "eval"),
    "longest": (Longest, "sentences", "eval"),
    "until-the-end": (UntilTheEnd, "sentences", "eval"),
    **batches.MODELS,
}


# The parameters that each pattern means, told without one.
MODULES = {
    "attention": lambda model: list(model.attention.parameters()),
    "*.bias": lambda model: [p for n, p in model.named_parameters() if n.endswith(".bias")],
    "*.weight": lambda model: [p for n, p in model.named_parameters() if n.endswith(".weight")],
    "feed.?.weight": lambda model: [model.feed[0].weight, model.feed[3].weight],
    "head": lambda model: [model.embedding.weight],  # tied
    "*": lambda model: list(model.parameters()),
    "0.*": lambda model: list(model[0].parameters()),
    "1": lambda model: list(model[1].parameters()),
    "2": lambda model: list(model[2].parameters()),
}


def usual_loss(outputs, targets):
    function = nn.functional.mse_loss if targets.is_floating_point() else nn.functional.cross_entropy
    return function(outputs, targets)


def train(name, make, kind, mode, criterion, options, folder):
    """A few steps with the client in the loop, so that neither weights nor running statistics are the initial ones."""
    torch.manual_seed(sum(map(ord, name)))
    model = make().double()
    if name in batches.MODELS:
        inputs, targets = batches.batch(kind)
    else:
        inputs, targets = probe(kind) if kind != "pixels-as-numbers" else (torch.randn(SAMPLES, 1, 3, 4), torch.randn(SAMPLES, CLASSES, 3, 4))
    inputs = batches.each(lambda tensor: tensor.double() if tensor.is_floating_point() else tensor, inputs)
    targets = targets.double() if targets.is_floating_point() else targets
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.05, momentum=0.9)
    loss = criterion or ("mse" if targets.is_floating_point() else "cross_entropy")
    options = dict({"micro_batch": MICRO_BATCH}, **options)
    told = options.pop("targets", targets)
    with warnings.catch_warnings():
        if isinstance(model, AuxiliaryHead):  # one line says that training mode gives more
            warnings.filterwarnings("ignore", ".*in training mode the outputs of AuxiliaryHead are others")
        monitor = Monitor(name, model, loss, inputs, told, directory=folder, every=8, batch_norm=mode, **options)
    with monitor:
        for _ in range(8):
            optimizer.zero_grad()
            outputs = batches.outputs(model, inputs, options.get("forward"))
            value = (criterion or usual_loss)(outputs[0] if isinstance(outputs, tuple) else outputs, targets)
            value.backward()
            optimizer.step()
            monitor.step(optimizer, value)
    return model, inputs, targets


def reference(model, inputs, targets, mode, criterion, options):
    modes = {module: module.training for module in model.modules()}
    model.eval()
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, NormByFunction)):
            module.train(mode == "train" and modes[module])
    parameters = [p for p in model.parameters() if p.requires_grad]
    if isinstance(model, Stopped):  # no optimiser moves what gets no gradient
        parameters = list(model.head.parameters())
    if "parameters" in options:
        parameters = [p for n, p in model.named_parameters() if n.startswith("before.") or n.endswith(".bias")]
    places = {id(p): i for i, p in enumerate(parameters)}
    firsts = [0]
    for p in parameters:
        firsts.append(firsts[-1] + p.numel())

    def flat(gradients):
        return torch.cat([(torch.zeros_like(p) if g is None else g).reshape(-1) for g, p in zip(gradients, parameters)])

    size = options.get("micro_batch", MICRO_BATCH)
    starts = list(range(0, SAMPLES, size))
    if SAMPLES % size == 1:
        starts.pop()
    ends_of = starts[1:] + [SAMPLES]
    outputs = torch.cat([batches.outputs(model, batches.each(lambda tensor: tensor[i:j], inputs), options.get("forward"))
                         for i, j in zip(starts, ends_of)])
    loss = (criterion or usual_loss)(outputs, targets)
    gradient = flat(torch.autograd.grad(loss, parameters, create_graph=True, allow_unused=True))
    hessian = torch.stack([flat(torch.autograd.grad(g, parameters, retain_graph=True, allow_unused=True))
                           if g.requires_grad else torch.zeros_like(gradient) for g in gradient])
    # One row an output; the loss's own Hessian over all of them.
    jacobian = torch.stack([flat(torch.autograd.grad(z, parameters, retain_graph=True, allow_unused=True)) for z in outputs.reshape(-1)])
    inner = torch.autograd.functional.hessian(lambda z: (criterion or usual_loss)(z.view_as(outputs), targets), outputs.detach().reshape(-1))
    ggn = jacobian.T @ inner @ jacobian
    assert float((hessian - hessian.T).abs().max()) < 1e-10

    def ends(matrix):
        values = torch.linalg.eigvalsh(matrix)
        return [float(values[0]), float(values[-1])]

    def block(named):
        rows = [row for i in sorted({places[id(p)] for p in named if id(p) in places}) for row in range(firsts[i], firsts[i + 1])]
        inside = hessian[rows][:, rows]
        return [len(rows), float(torch.linalg.eigvalsh(inside)[-1]), float(inside.diagonal().sum())]

    modules = {pattern: block(MODULES[pattern](model)) for pattern in options.get("modules", [])}
    told = {"modules": modules} if modules else {}
    return {**told, "parameters": len(gradient), "loss": float(loss), "gradient": float(gradient.norm()), "hessian": ends(hessian), "ggn": ends(ggn)}


def main():
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float32)
    results = {}
    for name, (make, kind, mode, *more) in MODELS.items():
        criterion, options = (list(more) + [None, {}][len(more):])
        model, inputs, targets = train(name, make, kind, mode, criterion, options, sys.argv[1])
        results[name] = reference(model, inputs, targets, mode, criterion, options)
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
