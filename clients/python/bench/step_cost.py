#!/usr/bin/env python3
"""What the monitor costs the training loop: the time of monitor.step beside that of the training step itself.

    python3 clients/python/bench/step_cost.py [--threads 1] [--json]

Every step of the measured loop emits, which is far more often than anyone would: the numbers are what an emitting step
costs. A step that does not emit costs a comparison. "The copy" is the bare copy of all parameters and buffers to host
memory that is already there, the least that any checkpoint costs. Checkpoints are written to a folder by the background
thread, as in a real training, so that its work competes for cores and memory as it would there.
"""

import argparse
import json
import os
import sys
import tempfile
import time

import torch
from torch import nn

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from curvature_client import Monitor  # noqa: E402


def lenet():
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    return model, torch.randn(128, 1, 28, 28)


def vgg():
    """VGG-16 with batch norm for images of 32 x 32: 15 million parameters in 16 layers."""
    layers, channels = [], 3
    for width in (64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"):
        if width == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
            channels = width
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10)), torch.randn(16, 3, 32, 32)


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def measure(name, make, steps, warm_up=5):
    torch.manual_seed(0)
    model, inputs = make()
    targets = torch.randint(0, 10, (len(inputs),))
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)
    tensors = list(model.parameters()) + [buffer for buffer in model.buffers() if buffer.is_floating_point()]
    host = [torch.empty_like(tensor) for tensor in tensors]
    times = {"step": [], "monitor.step": [], "monitor.step, not emitting": [], "the copy": []}
    with tempfile.TemporaryDirectory() as folder:
        with Monitor(name, model, "cross_entropy", inputs, targets, directory=folder, every=2) as monitor:
            for i in range(-warm_up, steps):
                marks = [time.perf_counter()]
                optimizer.zero_grad()
                loss = nn.functional.cross_entropy(model(inputs), targets)
                loss.backward()
                optimizer.step()
                marks.append(time.perf_counter())
                monitor.step(optimizer, loss, step=2 * (i + warm_up) + 2)
                marks.append(time.perf_counter())
                monitor.step(optimizer, loss, step=2 * (i + warm_up) + 3)
                marks.append(time.perf_counter())
                with torch.no_grad():
                    for there, here in zip(host, tensors):
                        there.copy_(here)
                marks.append(time.perf_counter())
                if i >= 0:
                    for series, begin, end in zip(times.values(), marks, marks[1:]):
                        series.append(end - begin)
                for file in os.scandir(os.path.join(folder, name, "checkpoints")) if i % 20 == 0 and monitor.delivered else ():
                    if file.name.endswith(".json"):  # a full disk would be another measurement
                        os.remove(file.path)
                        os.remove(file.path[:-4] + "safetensors")
    median, rare = quantile(times["step"], 0.5), 0.99
    return {
        "model": name, "parameters": sum(p.numel() for p in model.parameters()), "batch": len(inputs), "steps": steps,
        "milliseconds": {what: {"median": 1e3 * quantile(series, 0.5), "p99": 1e3 * quantile(series, rare)} for what, series in times.items()},
        "share_of_a_step": quantile(times["monitor.step"], 0.5) / median,
        "written": monitor.delivered, "superseded": monitor.superseded,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, help="measured steps of each model; by default 400 and 100")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    results = [measure("lenet", lenet, options.steps or 400), measure("vgg16-bn", vgg, options.steps or 100)]
    if options.json:
        print(json.dumps(results, indent=1))
        return
    for result in results:
        print("%s, %d parameters, batch %d, torch %s, %d thread(s), %d steps (%d checkpoints written, %d superseded)"
              % (result["model"], result["parameters"], result["batch"], torch.__version__, options.threads, result["steps"],
                 result["written"], result["superseded"]))
        for what, value in result["milliseconds"].items():
            print("  %-28s median %9.3f ms   99th percentile %9.3f ms" % (what, value["median"], value["p99"]))
        print("  an emitting monitor.step takes %.2f %% of a step" % (100 * result["share_of_a_step"]))


if __name__ == "__main__":
    main()
