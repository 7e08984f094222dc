"""What the client's tests share: small models and trainings, a safetensors reader, and a server that keeps to the contract."""

import contextlib
import http.server
import json
import os
import struct
import sys
import tempfile
import threading
import unittest
import warnings

import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from curvature_client import Monitor, MonitorWarning  # noqa: E402,F401

TYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64,
         "I32": torch.int32, "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8, "BOOL": torch.bool}


def read_safetensors(content):
    """A reader written from the format's description alone: names to tensors. Refuses holes and overlaps."""
    if not isinstance(content, bytes):
        with open(content, "rb") as file:
            content = file.read()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8:8 + length])
    data = content[8 + length:]
    tensors, covered = {}, 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, end = entry["data_offsets"]
        assert begin == covered, "hole or overlap before %s" % name
        covered = end
        piece = torch.tensor(list(data[begin:end]), dtype=torch.uint8)
        tensors[name] = piece.view(TYPES[entry["dtype"]]).view(entry["shape"])
    assert covered == len(data)
    return tensors


class Mlp(torch.nn.Module):
    def __init__(self, inputs=4, hidden=5, classes=3):
        super().__init__()
        self.first = torch.nn.Linear(inputs, hidden)
        self.norm = torch.nn.BatchNorm1d(hidden)
        self.dropout = torch.nn.Dropout(0.5)
        self.last = torch.nn.Linear(hidden, classes)

    def forward(self, x):
        return self.last(self.dropout(torch.tanh(self.norm(self.first(x)))))


class Case(unittest.TestCase):
    """A folder of its own, and warnings that a test can look at."""

    def setUp(self):
        torch.manual_seed(0)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.inputs = torch.randn(8, 4)
        self.classes = torch.randint(0, 3, (8,))

    def monitor(self, model, loss="cross_entropy", inputs=None, targets=None, **options):
        if "url" not in options:
            options.setdefault("directory", self.folder)
        monitor = Monitor(options.pop("run", "a-run"), model, loss, self.inputs if inputs is None else inputs,
                          self.classes if targets is None else targets, **options)
        self.addCleanup(monitor.close)
        return monitor

    def path(self, *parts):
        return os.path.join(self.folder, "a-run", *parts)

    def manifest(self):
        with open(self.path("run.json")) as file:
            return json.load(file)

    def checkpoint(self, step):
        with open(self.path("checkpoints", "step-%08d.json" % step)) as file:
            info = json.load(file)
        return read_safetensors(self.path("checkpoints", "step-%08d.safetensors" % step)), info

    @contextlib.contextmanager
    def one_warning(self, *fragments):
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            yield
        ours = [str(warning.message) for warning in seen if issubclass(warning.category, MonitorWarning)]
        self.assertEqual(1, len(ours), ours)
        self.assertNotIn("\n", ours[0])
        for fragment in fragments:
            self.assertIn(fragment, ours[0])

    def train(self, monitor, model, optimizer, steps, settle=True):
        """Some steps; with `settle` each checkpoint gets out before the next, so that none is superseded."""
        for _ in range(steps):
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(self.inputs), self.classes)
            loss.backward()
            optimizer.step()
            monitor.step(optimizer, loss)
            if settle:
                self.settle(monitor)
        return loss

    def settle(self, monitor):
        for _ in range(2000):
            if monitor.delivered + monitor.superseded + monitor.failed >= monitor.emitted:
                return
            threading.Event().wait(0.005)
        self.fail("the checkpoint did not get out")


class Server:
    """Keeps what it is sent, and answers as told: `answers` are (status, body) for the next requests, then all is well."""

    def __init__(self, answers=(), token=None):
        self.requests = []   # (method, path, headers, body)
        self.answers = list(answers)
        self.runs = {}
        self.hold = threading.Event()
        self.hold.set()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *arguments):
                pass

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.hold.wait(30)
                outer.requests.append((self.command, self.path, self.headers, body))
                if token is not None and self.headers.get("Authorization") != "Bearer " + token:
                    status, value = 401, {"title": "No access", "detail": "Send the server's bearer token."}
                elif outer.answers:
                    status, value = outer.answers.pop(0)
                else:
                    status, value = outer.handle(self.command, self.path, body)
                text = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_PUT = do_POST = answer

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = "http://127.0.0.1:%d" % self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def handle(self, method, path, body):
        parts = path.strip("/").split("/")
        run = parts[2]
        if method == "PUT" and len(parts) == 3:
            known, self.runs[run] = self.runs.get(run), body
            return (201, {}) if known is None else (200, {})
        if run not in self.runs:
            return 404, {"title": "No such run", "detail": "PUT it first."}
        return (202, {"state": "accepted"}) if method == "PUT" else (200, {})

    def paths(self):
        return ["%s %s" % (method, path) for method, path, _, _ in self.requests]

    def close(self):
        self.hold.set()
        self._server.shutdown()
        self._server.server_close()
