"""Writes bundles of the kinds of models people train, each with what a dense float64 computation in PyTorch says of it.

    python3 models.py FOLDER

prints {"name": {"loss", "gradient", "hessian": [smallest, largest], "ggn": [smallest, largest]}}. The reference shares no
code with the engine: whole matrices by PyTorch's own double backward, and their eigenvalues.
"""

import copy
import json
import math
import os
import sys

import torch
from torch import nn

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

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


def probe(kind):
    if kind == "tokens":
        return torch.randint(0, TOKENS, (SAMPLES, POSITIONS)), torch.randint(0, CLASSES, (SAMPLES,))
    if kind == "sequences":
        text = torch.randint(0, TOKENS, (SAMPLES, POSITIONS + 1))
        return text[:, :-1].contiguous(), text[:, 1:].contiguous()
    if kind == "images":
        return torch.randn(SAMPLES, 1, 6, 6), torch.randint(0, CLASSES, (SAMPLES,))
    if kind == "numbers":
        return torch.randn(SAMPLES, 4), torch.randn(SAMPLES, 2)
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
}


def loss_of(outputs, targets):
    function = nn.functional.mse_loss if targets.is_floating_point() else nn.functional.cross_entropy
    return function(outputs, targets)


def train(name, make, kind, mode, folder):
    """A few steps with the client in the loop, so that neither weights nor running statistics are the initial ones."""
    torch.manual_seed(sum(map(ord, name)))
    model = make().double()
    inputs, targets = probe(kind)
    inputs = inputs.double() if inputs.is_floating_point() else inputs
    targets = targets.double() if targets.is_floating_point() else targets
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    loss = "mse" if targets.is_floating_point() else "cross_entropy"
    with Monitor(name, model, loss, inputs, targets, directory=folder, every=8, batch_norm=mode, micro_batch=MICRO_BATCH) as monitor:
        for _ in range(8):
            optimizer.zero_grad()
            value = loss_of(model(inputs), targets)
            value.backward()
            optimizer.step()
            monitor.step(optimizer, value)
    return model, inputs, targets


def reference(model, inputs, targets, mode):
    model = copy.deepcopy(model).eval()
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            module.train(mode == "train")
    parameters = list(model.parameters())

    def flat(gradients):
        return torch.cat([(torch.zeros_like(p) if g is None else g).reshape(-1) for g, p in zip(gradients, parameters)])

    outputs = torch.cat([model(inputs[i:i + MICRO_BATCH]) for i in range(0, SAMPLES, MICRO_BATCH)])
    loss = loss_of(outputs, targets)
    gradient = flat(torch.autograd.grad(loss, parameters, create_graph=True, allow_unused=True))
    hessian = torch.stack([flat(torch.autograd.grad(g, parameters, retain_graph=True, allow_unused=True))
                           if g.requires_grad else torch.zeros_like(gradient) for g in gradient])
    # One row an output, classes last.
    columns = outputs.transpose(1, -1).reshape(-1, outputs.shape[1])
    jacobian = torch.stack([flat(torch.autograd.grad(z, parameters, retain_graph=True, allow_unused=True)) for z in columns.reshape(-1)])
    jacobian = jacobian.reshape(len(columns), columns.shape[1], -1)
    if targets.is_floating_point():
        inner = torch.eye(columns.shape[1], dtype=columns.dtype).expand(len(columns), -1, -1) * (2.0 / columns.shape[1])
    else:
        p = torch.softmax(columns.detach(), -1)
        inner = torch.diag_embed(p) - p.unsqueeze(2) * p.unsqueeze(1)
    ggn = torch.einsum("nkp,nkl,nlq->pq", jacobian, inner, jacobian) / len(columns)
    assert float((hessian - hessian.T).abs().max()) < 1e-10

    def ends(matrix):
        values = torch.linalg.eigvalsh(matrix)
        return [float(values[0]), float(values[-1])]

    return {"parameters": len(gradient), "loss": float(loss), "gradient": float(gradient.norm()), "hessian": ends(hessian), "ggn": ends(ggn)}


def main():
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float32)
    results = {}
    for name, (make, kind, mode) in MODELS.items():
        model, inputs, targets = train(name, make, kind, mode, sys.argv[1])
        results[name] = reference(model, inputs, targets, mode)
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
