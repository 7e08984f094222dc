using CurvatureMonitor.Contracts.Analyses;
using static TorchSharp.torch;

namespace CurvatureMonitor.Tests.Modules;

/// <summary>Trainings of a small network on random samples, for tests of what stands beside them.</summary>
internal static class Trainings
{
    /// <summary>The network, always with the same weights.</summary>
    internal static Networks.Perceptron Net()
    {
        random.manual_seed(1);
        return new Networks.Perceptron(3, 4, 2);
    }

    /// <summary>Options that monitor a module of three inputs and two classes.</summary>
    internal static TrainingMonitorOptions Options(
        nn.Module<Tensor, Tensor> net,
        optim.Optimizer? optimizer,
        RecordingObserver seen,
        string run = "small"
    ) =>
        new()
        {
            Run = run,
            Module = net,
            Create = () => new Networks.Perceptron(3, 4, 2),
            Loss = TrainingLoss.CrossEntropy,
            ProbeInputs = Inputs,
            ProbeTargets = Labels,
            Optimizer = optimizer,
            Every = 5,
            Analyses = [new(AnalysisKind.Sharpness)],
            Settings = new() { Operators = [OperatorKind.Hessian] },
            Observers = [seen],
        };

    /// <summary>The probe set's inputs, which are also trained on.</summary>
    internal static Tensor Inputs { get; } = linspace(-1, 1, 30).view(10, 3).DetachFromDisposeScope();

    /// <summary>Their labels.</summary>
    internal static Tensor Labels { get; } = arange(10).remainder(2).DetachFromDisposeScope();

    /// <summary>One step of gradient descent.</summary>
    internal static void Step(
        nn.Module<Tensor, Tensor> net,
        optim.Optimizer optimizer,
        TrainingMonitor? monitor = null
    )
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var loss = nn.functional.cross_entropy(net.call(Inputs), Labels);
        loss.backward();
        optimizer.step();
        monitor?.Step(loss);
    }
}
