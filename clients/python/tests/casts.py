"""Writes bundles of models that compute in narrow types, each with what a dense float64 computation in PyTorch says of
the same function without that rounding.

    python3 casts.py FOLDER

prints {"name": {"hessian": [smallest, largest, trace], "ggn": [...], "gradient": norm}}.
"""

import json
import math
import os
import sys

import torch
from torch import nn

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from curvature_client import Monitor  # noqa: E402

SAMPLES, CLASSES = 24, 3


class Net(nn.Module):
    """Each kind has its forward twice: as it is trained, and as it would be without rounding."""

    inputs = (6,)

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(6, 10), nn.Linear(10, CLASSES)

    def exact(self, x):
        return self.last(torch.tanh(self.first(x)))


class Autocast(Net):
    def forward(self, x):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            h = self.last(torch.tanh(self.first(x)))
        return h.float()


class Traced(Net):
    """Goes through tracing only; its outputs stay in the narrow type."""

    def forward(self, x, **options):
        with torch.cpu.amp.autocast():
            return self.exact(x)


class ByHand(Net):
    def forward(self, x):
        return self.last(torch.tanh(self.first(x)).half().float())


class Images(Net):
    """Convolutions under autocast, batch norm in float32."""

    inputs = (1, 6, 6)

    def __init__(self):
        super().__init__()
        self.first, self.norm, self.last = nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.Linear(12, CLASSES)

    def forward(self, x):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            h = self.first(x)
        h = nn.functional.avg_pool2d(nn.functional.softplus(self.norm(h.float())), 2).flatten(1)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return self.last(h).float()

    def exact(self, x):
        h = nn.functional.avg_pool2d(nn.functional.softplus(self.norm(self.first(x))), 2)
        return self.last(h.flatten(1))


class Attention(Net):
    """Scores in bfloat16, softmax in float32."""

    inputs = (4, 6)

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(6, 18), nn.Linear(6, CLASSES)

    def mixed(self, x, narrow: bool):
        q, k, v = self.first(x).chunk(3, -1)
        if narrow:
            scores = (q.to(torch.bfloat16) @ k.to(torch.bfloat16).transpose(-2, -1)).to(x.dtype)
        else:
            scores = q @ k.transpose(-2, -1)
        return self.last((torch.softmax(scores / math.sqrt(6), -1) @ v).mean(1))

    def forward(self, x):
        return self.mixed(x, True)

    def exact(self, x):
        return self.mixed(x, False)


class Narrow(Net):
    """Its tensors are bfloat16."""

    def __init__(self):
        super().__init__()
        self.bfloat16()

    def forward(self, x):
        return self.last(torch.tanh(self.first(x.to(torch.bfloat16)))).float()


MODELS = {"autocast": Autocast, "traced": Traced, "by-hand": ByHand, "images": Images, "attention": Attention,
          "narrow": Narrow}
RUNS = {"%s-%s-%d" % (kind, mode, seed): (make, mode, seed) for kind, make in MODELS.items()
        for mode, seed in (("off", 0), ("keep", 1), ("keep", 2))}


def train(name, make, mode, seed, folder):
    torch.manual_seed(seed)
    model = make()
    inputs, targets = torch.randn(SAMPLES, *make.inputs), torch.randint(0, CLASSES, (SAMPLES,))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.2, momentum=0.9)
    with Monitor(name, model, "cross_entropy", inputs, targets, directory=folder, every=10, autocast=mode,
                 micro_batch=10) as monitor:
        for _ in range(10):
            optimizer.zero_grad()
            value = nn.functional.cross_entropy(model(inputs).float(), targets)
            value.backward()
            optimizer.step()
            monitor.step(optimizer, value)
    return model, inputs, targets


def reference(model, inputs, targets):
    model, inputs = model.double().eval(), inputs.double()
    parameters = list(model.parameters())

    def flat(gradients):
        return torch.cat([g.reshape(-1) for g in gradients])

    outputs = model.exact(inputs)
    loss = nn.functional.cross_entropy(outputs, targets)
    gradient = flat(torch.autograd.grad(loss, parameters, create_graph=True))
    hessian = torch.stack([flat(torch.autograd.grad(g, parameters, retain_graph=True)) for g in gradient])
    jacobian = torch.stack([flat(torch.autograd.grad(z, parameters, retain_graph=True)) for z in outputs.reshape(-1)])
    inner = torch.autograd.functional.hessian(
        lambda z: nn.functional.cross_entropy(z.view_as(outputs), targets), outputs.detach().reshape(-1))

    def told(matrix):
        values = torch.linalg.eigvalsh((matrix + matrix.T) / 2)
        return [float(values[0]), float(values[-1]), float(values.sum()), float(values.square().sum().sqrt())]

    return {"loss": float(loss), "gradient": float(gradient.norm()), "hessian": told(hessian),
            "ggn": told(jacobian.T @ inner @ jacobian)}


def main():
    torch.set_num_threads(1)
    print(json.dumps({name: reference(*train(name, make, mode, seed, sys.argv[1]))
                      for name, (make, mode, seed) in RUNS.items()}, indent=1))


if __name__ == "__main__":
    main()
