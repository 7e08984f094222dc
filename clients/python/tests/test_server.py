import contextlib
import email
import email.policy
import io
import json
import os
import socket
import threading
import unittest

import torch

from .support import Case, Mlp, Server, read_safetensors


class TheServer(Case):
    def serve(self, *answers, **options):
        server = Server(answers, **options)
        self.addCleanup(server.close)
        return server

    def train_on(self, server, steps=2, **options):
        model = Mlp()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        monitor = self.monitor(model, url=server.url, every=1, **options)
        self.train(monitor, model, optimizer, steps)
        monitor.close()
        return monitor, model

    def test_is_sent_the_bundle_then_the_checkpoints_then_the_end(self):
        server = self.serve()
        monitor, model = self.train_on(server)
        self.assertEqual(["PUT /api/runs/a-run", "PUT /api/runs/a-run/checkpoints/1", "PUT /api/runs/a-run/checkpoints/2",
                          "POST /api/runs/a-run/finish"], server.paths())
        self.assertEqual((2, 2, 0, 0), (monitor.emitted, monitor.delivered, monitor.superseded, monitor.failed))

        _, _, headers, body = server.requests[0]
        message = email.message_from_bytes(b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n" + body, policy=email.policy.HTTP)
        parts = {part.get_param("name", header="content-disposition"): part.get_payload(decode=True) for part in message.iter_parts()}
        self.assertEqual({"run.json", "model.pt", "probe.safetensors"}, set(parts))
        self.assertEqual("a-run", json.loads(parts["run.json"])["run"])
        self.assertTrue(torch.equal(self.inputs, read_safetensors(parts["probe.safetensors"])["inputs"]))
        torch.jit.load(io.BytesIO(parts["model.pt"]))

        _, _, headers, body = server.requests[2]
        self.assertEqual("application/octet-stream", headers["Content-Type"])
        info = json.loads(headers["X-Checkpoint"])
        self.assertEqual((2, 0.1), (info["step"], info["learning_rate"]))
        self.assertTrue(torch.equal(model.first.weight.detach(), read_safetensors(body)["first.weight"]))
        self.assertEqual({"state": "finished"}, json.loads(server.requests[3][3]))
        self.assertFalse(any("Authorization" in headers for _, _, headers, _ in server.requests))

    def test_that_is_behind_supersedes_and_the_training_goes_on(self):
        server = self.serve((201, {}), (202, {"state": "accepted"}), (202, {"state": "superseded"}))
        monitor, _ = self.train_on(server, 3)
        self.assertEqual((3, 2, 1, 0), (monitor.emitted, monitor.delivered, monitor.superseded, monitor.failed))

    def test_that_does_not_answer_makes_no_step_wait(self):
        server = self.serve()
        server.hold.clear()
        model = Mlp()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        monitor = self.monitor(model, url=server.url, every=1)
        self.train(monitor, model, optimizer, 50, settle=False)
        self.assertEqual((50, 0), (monitor.emitted, monitor.delivered))
        server.hold.set()
        monitor.close()
        self.assertEqual(50, monitor.delivered + monitor.superseded)
        self.assertIn("PUT /api/runs/a-run/checkpoints/50", server.paths())

    def test_that_forgot_the_run_is_told_it_again(self):
        server = self.serve((201, {}), (202, {}), (404, {"title": "No such run"}))
        monitor, _ = self.train_on(server, 2)
        self.assertEqual(["PUT /api/runs/a-run", "PUT /api/runs/a-run/checkpoints/1", "PUT /api/runs/a-run/checkpoints/2",
                          "PUT /api/runs/a-run", "PUT /api/runs/a-run/checkpoints/2", "POST /api/runs/a-run/finish"], server.paths())
        self.assertEqual(2, monitor.delivered)

    def test_gets_the_token_from_the_argument_or_the_environment(self):
        server = self.serve(token="secret")
        monitor, _ = self.train_on(server, 1, token="secret")
        self.assertEqual(1, monitor.delivered)
        os.environ["CURVATURE_TOKEN"] = "secret"
        self.addCleanup(os.environ.pop, "CURVATURE_TOKEN")
        self.assertEqual(1, self.train_on(server, 1, run="other")[0].delivered)

    def test_that_refuses_is_not_asked_again(self):
        problem = {"title": "No", "detail": "Because\nof this."}
        for answers in ([(401, problem)], [(403, problem)], [(409, problem)], [(400, problem)], [(413, problem)], [(201, {}), (413, problem)],
                        [(201, {}), (404, problem), (201, {}), (404, problem)]):
            with self.subTest(answers=answers), self.one_warning("the server answered %d No: Because of this." % answers[-1][0], "not monitored"):
                server = self.serve(*answers)
                monitor, _ = self.train_on(server, 3)
                self.assertEqual(len(answers), len(server.requests), server.paths())
                self.assertFalse(monitor.active)
                self.assertEqual((0, 1), (monitor.delivered, monitor.failed))

    def test_that_refuses_a_body_before_it_has_read_it_is_heard(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def answer():
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                body = b'{"title": "Too large"}'
                connection.sendall(b"HTTP/1.1 413 Too large\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(0.3)
                with contextlib.suppress(OSError):
                    while connection.recv(1 << 12):
                        pass

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        model = torch.nn.Linear(4, 3)
        inputs = torch.randn(100000, 4)
        with self.one_warning("the server answered 413 Too large", "not monitored"):
            monitor = self.monitor(model, url="http://127.0.0.1:%d" % listener.getsockname()[1], inputs=inputs,
                                   targets=torch.zeros(100000, dtype=torch.int64))
            monitor.step(torch.optim.SGD(model.parameters(), lr=0.1), 1.0)
            self.settle(monitor)
            thread.join()

    def test_that_is_in_trouble_is_asked_again_for_the_next_checkpoint(self):
        with self.one_warning("the server answered 503", "later ones are tried"):
            monitor, _ = self.train_on(self.serve((503, "busy"), (201, {}), (202, {}), (500, {})), 4)
        self.assertEqual((4, 2, 2), (monitor.emitted, monitor.delivered, monitor.failed))

    def test_that_has_another_checkpoint_of_a_step_is_sent_the_later_ones(self):
        problem = {"title": "Conflict", "detail": "that step was sent before"}
        with self.one_warning("the server answered 409 Conflict: that step was sent before", "later ones are tried"):
            monitor, _ = self.train_on(self.serve((200, {}), (409, problem), (200, {"state": "accepted"}), (202, {"state": "accepted"}), (200, {})), 3)
        self.assertEqual((3, 2, 1, True), (monitor.emitted, monitor.delivered, monitor.failed, monitor._closed and not monitor._disabled))

    def test_that_is_not_there_is_one_warning(self):
        server = self.serve()
        server.close()
        with self.one_warning("could not be delivered"):
            monitor, _ = self.train_on(server, 3)
        self.assertEqual((3, 3), (monitor.emitted, monitor.failed))

    def test_whose_answer_is_no_JSON_is_believed_by_its_status(self):
        monitor, _ = self.train_on(self.serve((201, None), (202, ["x"]), (200, "")), 1)
        self.assertEqual(1, monitor.delivered)


if __name__ == "__main__":
    unittest.main()
