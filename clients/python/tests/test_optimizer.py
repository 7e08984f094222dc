import json
import os
import unittest
import unittest.mock

import torch

from .support import Case, Mlp


class TheOptimizer(Case):
    def described(self, optimizer, **options):
        model = torch.nn.Linear(4, 3)
        made = optimizer(model)
        monitor = self.monitor(model, run="described-%d" % len(os.listdir(self.folder)), **options)
        monitor.step(made, 1.0)
        monitor.close()
        self.folder_of = os.path.join(self.folder, monitor.run)
        with open(os.path.join(self.folder_of, "run.json")) as file:
            return json.load(file)["training"]

    def test_tells_its_hyper_parameters(self):
        self.assertEqual(
            {"optimizer": "sgd", "learning_rate": 0.5, "momentum": 0.0, "nesterov": False, "weight_decay": 0.0},
            self.described(lambda m: torch.optim.SGD(m.parameters(), lr=0.5)))
        for kind in (torch.optim.Adam, torch.optim.AdamW):
            self.assertEqual(
                {"optimizer": kind.__name__.lower(), "learning_rate": 0.01, "betas": [0.8, 0.99], "eps": 1e-6, "weight_decay": 0.1},
                self.described(lambda m: kind(m.parameters(), lr=0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1)))
        self.assertEqual("rmsprop", self.described(lambda m: torch.optim.RMSprop(m.parameters(), lr=0.01))["optimizer"])

    def test_tells_the_rate_that_a_schedule_began_with(self):
        def scheduled(model):
            optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
            scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1, 0.1)
            optimizer.step()
            scheduler.step()
            return optimizer

        self.assertEqual(0.5, self.described(scheduled)["learning_rate"])
        with open(os.path.join(self.folder_of, "checkpoints", "step-00000001.json")) as file:
            self.assertIn('"learning_rate": 0.05', file.read())

    def test_tells_nothing_on_which_its_groups_differ(self):
        training = self.described(lambda m: torch.optim.SGD(
            [{"params": [m.weight], "lr": 0.1, "weight_decay": 0.1}, {"params": [m.bias], "lr": 0.2}], lr=0.1, momentum=0.9))
        self.assertEqual({"optimizer": "sgd", "momentum": 0.9, "nesterov": False}, training)
        training = self.described(lambda m: torch.optim.SGD(
            [{"params": [m.weight], "momentum": 0.5}, {"params": [m.bias]}], lr=0.1, momentum=0.9))
        self.assertNotIn("optimizer", training)

    def test_under_another_rule_gets_no_limit_that_does_not_hold(self):
        self.assertEqual("sgd_dampening", self.described(lambda m: torch.optim.SGD(m.parameters(), lr=0.1, momentum=0.9, dampening=0.5))["optimizer"])
        self.assertEqual("sgd_maximize", self.described(lambda m: torch.optim.SGD(m.parameters(), lr=0.1, maximize=True))["optimizer"])

    def test_takes_batches_whose_size_changes(self):
        model = torch.nn.Linear(4, 3)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        monitor = self.monitor(model, every=1, batch_size=8)
        told = []
        for step, size in enumerate((None, 16, None, torch.tensor(32)), 1):
            monitor.step(optimizer, 1.0, batch_size=size)
            self.settle(monitor)
            told.append(self.checkpoint(step)[1].get("batch_size"))
        self.assertEqual([None, 16, 16, 32], told)
        with self.assertWarnsRegex(Warning, "batch_size is 0; give a number of samples"):
            monitor.step(optimizer, 1.0, batch_size=0)
        self.settle(monitor)
        self.assertNotIn("batch_size", self.checkpoint(5)[1])

    def test_may_be_wrapped(self):
        class Wrapper:
            def __init__(self, optimizer):
                self.optimizer = optimizer

        self.assertEqual("adam", self.described(lambda m: Wrapper(Wrapper(torch.optim.Adam(m.parameters()))))["optimizer"])


class TheStepsNumbers(Case):
    def told(self, model, optimizer, **options):
        monitor = self.monitor(model, every=1, **options)
        self.train(monitor, model, optimizer, 1)
        monitor.close()
        return self.checkpoint(1)[1]

    def test_are_those_of_the_step_and_not_of_the_start(self):
        model = Mlp()
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.02, total_steps=10)
        monitor = self.monitor(model, every=1)
        used = []
        for _ in range(4):
            used.append((optimizer.param_groups[0]["lr"], optimizer.param_groups[0]["betas"][0]))
            self.train(monitor, model, optimizer, 1)
            schedule.step()
        told = [self.checkpoint(step)[1]["optimizer"]["groups"][0] for step in range(1, 5)]
        self.assertEqual(used, [(group["learning_rate"], group["betas"][0]) for group in told])
        self.assertEqual(4, len(set(used)))

    def test_name_the_parameters_of_every_group(self):
        model = Mlp()
        info = self.told(model, torch.optim.SGD([{"params": model.first.parameters(), "lr": 0.5}, {"params": model.last.parameters()}],
                                                lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-4))
        self.assertNotIn("learning_rate", info)
        self.assertEqual(("sgd", [(["first.weight", "first.bias"], 0.5, 0.9, True, 1e-4), (["last.weight", "last.bias"], 0.1, 0.9, True, 1e-4)]),
                         (info["optimizer"]["kind"], [(g["parameters"], g["learning_rate"], g["momentum"], g["nesterov"], g["weight_decay"])
                                                      for g in info["optimizer"]["groups"]]))

    def test_follow_another_optimiser_in_the_middle_of_a_run(self):
        model = Mlp()
        monitor = self.monitor(model, every=1)
        self.train(monitor, model, torch.optim.Adam(model.parameters(), lr=1e-3), 1)
        self.train(monitor, model, torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.5), 1)
        self.assertEqual(["adam", "sgd"], [self.checkpoint(step)[1]["optimizer"]["kind"] for step in (1, 2)])
        self.assertFalse([name for name in self.checkpoint(2)[0] if name.startswith("optimizer.")])

    def test_may_be_tensors_and_of_parameters_elsewhere(self):
        model, elsewhere = Mlp(), torch.nn.Linear(2, 2)
        optimizer = torch.optim.SGD([{"params": model.parameters()}, {"params": elsewhere.parameters(), "lr": 7.0}], lr=0.25)
        optimizer.param_groups[0]["lr"] = torch.tensor(0.25)
        info = self.told(model, optimizer)
        self.assertEqual((0.25, 1), (info["learning_rate"], len(info["optimizer"]["groups"])))


class SecondMoments(Case):
    def test_of_Adam_travel_with_the_checkpoint_under_the_parameters_names(self):
        above = self.folder
        for kind, amsgrad in ((torch.optim.Adam, False), (torch.optim.AdamW, False), (torch.optim.Adam, True)):
            with self.subTest(kind=kind.__name__, amsgrad=amsgrad):
                self.folder = os.path.join(above, kind.__name__ + str(amsgrad))
                model = Mlp()
                optimizer = kind(model.parameters(), lr=0.01, amsgrad=amsgrad)
                monitor = self.monitor(model, second_moments=True)
                self.train(monitor, model, optimizer, 3)
                monitor.step(optimizer, 1.0, step=50)
                self.settle(monitor)
                tensors, info = self.checkpoint(50)
                self.assertEqual(3, info["optimizer_step"])
                names = dict(model.named_parameters())
                self.assertEqual({"optimizer.exp_avg_sq." + name for name in names}, {n for n in tensors if n.startswith("optimizer.")})
                for name, parameter in names.items():
                    expected = optimizer.state[parameter]["max_exp_avg_sq" if amsgrad else "exp_avg_sq"]
                    self.assertTrue(torch.equal(expected, tensors["optimizer.exp_avg_sq." + name]))

    def test_are_sent_of_those_parameters_that_have_some(self):
        model = Mlp()
        model.register_parameter("unused", torch.nn.Parameter(torch.zeros(2)))
        optimizer = torch.optim.Adam(model.parameters())
        monitor = self.monitor(model, second_moments=True, every=1)
        self.train(monitor, model, optimizer, 2)
        tensors, info = self.checkpoint(2)
        stepped = {name for name, _ in model.named_parameters()} - {"unused"}
        self.assertEqual({"optimizer.exp_avg_sq." + name for name in stepped},
                         {name for name in tensors if name.startswith("optimizer.")})
        self.assertEqual((2, stepped), (info["optimizer_step"], set(info["optimizer"]["groups"][0]["parameters"])))

    def test_are_left_out_of_all_where_some_were_stepped_longer_than_others(self):
        model = Mlp()
        optimizer = torch.optim.Adam(model.parameters())
        torch.nn.functional.cross_entropy(model(self.inputs), self.classes).backward()
        for parameter in model.first.parameters():
            parameter.grad = None  # not stepped
        optimizer.step()
        monitor = self.monitor(model, every=1)
        with self.one_warning("1 steps of some parameters and 2 of others"):
            self.train(monitor, model, optimizer, 1)
        self.assertFalse([name for name in self.checkpoint(1)[0] if name.startswith("optimizer.")])

    def test_are_sent_where_they_are_small_and_asked_for_otherwise(self):
        model = Mlp()
        optimizer = torch.optim.RMSprop(model.parameters(), centered=True)
        monitor = self.monitor(model, every=1)
        self.train(monitor, model, optimizer, 2)
        state = optimizer.state[model.last.weight]
        self.assertTrue(torch.allclose(state["square_avg"] - state["grad_avg"] ** 2,
                                       self.checkpoint(2)[0]["optimizer.exp_avg_sq.last.weight"]))
        monitor.close()
        with unittest.mock.patch("curvature_client._MOMENTS_BUDGET", 8), self.one_warning("second_moments=True"):
            monitor = self.monitor(model, every=1, run="large")
            self.train(monitor, model, torch.optim.Adam(model.parameters()), 2)

    def test_are_not_sent_where_they_are_not_wanted(self):
        model = Mlp()
        monitor = self.monitor(model, every=1, second_moments=False)
        self.train(monitor, model, torch.optim.Adam(model.parameters()), 1)
        self.assertFalse([name for name in self.checkpoint(1)[0] if name.startswith("optimizer.")])


if __name__ == "__main__":
    unittest.main()
