using System.Globalization;
using CurvatureMonitor;
using CurvatureMonitor.Training.Data;
using TorchSharpMnist;
using static TorchSharp.torch;

// TorchSharpMnist [--url http://127.0.0.1:9095] [--steps 2000] [--data-dir FOLDER]: an ordinary training on handwritten
// digits, measured while it runs.
string? Option(string name) => args.SkipWhile(word => word != name).Skip(1).FirstOrDefault();
long steps = long.Parse(Option("--steps") ?? "2000", CultureInfo.InvariantCulture);
var mnist = Mnist.Open(Option("--data-dir")).Train;
var images = tensor(mnist.Images.ToArray(), [.. mnist.Shape]);
var labels = tensor(mnist.Labels.ToArray());
var chosen = randperm(images.shape[0])[..250];

random.manual_seed(1);
using var net = new Net();
using var optimizer = optim.SGD(net.parameters(), 0.05, momentum: 0.9);
var schedule = optim.lr_scheduler.StepLR(optimizer, step_size: 1000, gamma: 0.5);

await using var monitor = await TrainingMonitor.StartAsync(
    new TrainingMonitorOptions
    {
        Run = "torchsharp-mnist",
        Module = net,
        Create = () => new Net(),
        Loss = TrainingLoss.CrossEntropy,
        ProbeInputs = images[chosen],
        ProbeTargets = labels[chosen],
        Optimizer = optimizer,
        Every = 50,
        Steps = steps,
        Url = Option("--url") ?? "http://127.0.0.1:9095",
    }
);
Console.WriteLine($"Now listening on: {monitor.Url}");

for (long step = 1; step <= steps; step++)
{
    using var scope = NewDisposeScope();
    var batch = randint(images.shape[0], 64);
    var loss = nn.functional.cross_entropy(net.call(images[batch]), labels[batch]);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    schedule.step();
    monitor.Step(loss);
}

var summary = await monitor.FinishAsync();
Console.WriteLine($"{summary.Outcome} after {summary.Steps} steps");
