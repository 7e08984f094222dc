#!/usr/bin/env python3
"""Trains a small convolutional network on real handwritten digits while CurvatureMonitor watches, in plain PyTorch.

    ./curvature serve &                                        # takes checkpoints over HTTP
    python3 examples/mnist_pytorch.py --url http://127.0.0.1:9464

    ./curvature serve --watch runs &                           # or: takes them from a folder
    python3 examples/mnist_pytorch.py --directory runs --results http://127.0.0.1:9464

At its end it computes the largest Hessian eigenvalue itself, in float64 with PyTorch's own double backward, and compares
it with the one that was measured: it exits with 1 if they differ by more than a thousandth. Without --results or --url
it only prints its own.
"""

import argparse
import copy
import gzip
import json
import os
import struct
import sys
import time
import urllib.request

import torch
from torch import nn

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, os.path.join(ROOT, "clients", "python"))

from curvature_client import Monitor  # noqa: E402


def read_idx(folder, name):
    """An idx file, plain or compressed, as a tensor of bytes."""
    path = os.path.join(folder, name)
    with (gzip.open(path + ".gz") if os.path.exists(path + ".gz") else open(path, "rb")) as file:
        content = file.read()
    rank = content[3]
    shape = struct.unpack(">%dI" % rank, content[4:4 + 4 * rank])
    return torch.frombuffer(bytearray(content[4 + 4 * rank:]), dtype=torch.uint8).reshape(shape)


def load_mnist(folder):
    images = read_idx(folder, "train-images-idx3-ubyte").float().unsqueeze(1) / 255
    return (images - 0.1307) / 0.3081, read_idx(folder, "train-labels-idx1-ubyte").long()


def make_model():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, stride=2), nn.ReLU(), nn.Conv2d(6, 12, 5, stride=2), nn.ReLU(),
        nn.Flatten(), nn.Dropout(0.1), nn.Linear(192, 32), nn.ReLU(), nn.Linear(32, 10))


def largest_eigenvalue(model, inputs, targets, steps=60):
    """(lambda, error bound) of the Hessian of the mean loss, by Lanczos with full reorthogonalisation in float64."""
    model = copy.deepcopy(model).double().eval()
    parameters = list(model.parameters())
    loss = nn.functional.cross_entropy(model(inputs.double()), targets)
    gradient = torch.cat([g.reshape(-1) for g in torch.autograd.grad(loss, parameters, create_graph=True)])

    def product(v):
        return torch.cat([h.reshape(-1) for h in torch.autograd.grad(gradient, parameters, v, retain_graph=True)])

    v = torch.randn(len(gradient), dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    basis, alphas, betas = [v / v.norm()], [], []
    for _ in range(steps):
        w = product(basis[-1])
        alphas.append(float(w @ basis[-1]))
        for _ in range(2):
            q = torch.stack(basis)
            w = w - q.T @ (q @ w)
        betas.append(float(w.norm()))
        tridiagonal = torch.diag(torch.tensor(alphas, dtype=torch.float64))
        if len(alphas) > 1:
            off = torch.tensor(betas[:-1], dtype=torch.float64)
            tridiagonal += torch.diag(off, 1) + torch.diag(off, -1)
        values, vectors = torch.linalg.eigh(tridiagonal)
        error = betas[-1] * abs(float(vectors[-1, -1]))
        if error < 1e-7 * abs(float(values[-1])):
            break
        basis.append(w / betas[-1])
    return float(values[-1]), error


def measured_eigenvalue(server, run, step, patience):
    """What the server measured of that step, once it has."""
    deadline = time.monotonic() + patience
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline:
        try:
            with opener.open("%s/api/runs/%s/history" % (server.rstrip("/"), run), timeout=10) as response:
                history = json.load(response)
        except OSError:
            history = {}
        for point in history.get("measurements", []):
            if point["step"] == step and point.get("operator") == "hessian" and point.get("lambda_max") is not None:
                return point["lambda_max"]
        time.sleep(0.2)
    raise SystemExit("the server at %s measured no sharpness of step %d in %g s" % (server, step, patience))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--directory", help="write the run's bundle below this folder")
    where.add_argument("--url", help="send checkpoints to this server")
    parser.add_argument("--results", help="the server to ask for what was measured; with --url it is that one")
    parser.add_argument("--data", default=os.path.join(ROOT, "src", "Training", "Data", "Resources"), help="the folder with MNIST's idx files")
    parser.add_argument("--run", default="mnist-pytorch")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--every", type=int, default=50)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--learning-rate", type=float, default=0.05)
    parser.add_argument("--momentum", type=float, default=0.9)
    parser.add_argument("--probe-samples", type=int, default=512)
    parser.add_argument("--patience", type=float, default=120, help="seconds to wait for the last measurement")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    torch.manual_seed(options.seed)
    images, labels = load_mnist(options.data)
    order = torch.randperm(len(images))
    images, labels = images[order], labels[order]
    probe = images[:options.probe_samples], labels[:options.probe_samples]
    model = make_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=options.learning_rate, momentum=options.momentum)

    monitor = Monitor(options.run, model, "cross_entropy", *probe, directory=options.directory, url=options.url, every=options.every,
                      batch_size=options.batch_size, training_samples=len(images), dataset="mnist", micro_batch=256)
    emitted = copy.deepcopy(model)  # the last state that was emitted
    for step in range(1, options.steps + 1):
        chosen = torch.randint(0, len(images), (options.batch_size,))
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images[chosen]), labels[chosen])
        loss.backward()
        optimizer.step()
        monitor.step(optimizer, loss)
        if monitor.last_emitted == step:
            emitted.load_state_dict(model.state_dict())
            print("step %d, loss %.4f" % (step, float(loss)), file=sys.stderr)
    monitor.close()

    reference, error = largest_eigenvalue(emitted, *probe)
    result = {"run": options.run, "step": monitor.last_emitted, "emitted": monitor.emitted, "delivered": monitor.delivered,
              "superseded": monitor.superseded, "failed": monitor.failed, "reference": reference, "reference_error": error}
    server = options.results or options.url
    if server is not None:
        result["measured"] = measured_eigenvalue(server, options.run, monitor.last_emitted, options.patience)
        result["relative_difference"] = abs(result["measured"] - reference) / abs(reference)
    print(json.dumps(result))
    return 1 if result.get("relative_difference", 0) > 1e-3 else 0


if __name__ == "__main__":
    sys.exit(main())
