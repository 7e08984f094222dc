using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace CurvatureMonitor.Tests.Modules;

/// <summary>The curvature of TorchSharp trainings beside a dense float64 Hessian that TorchSharp alone makes.</summary>
public sealed class DenseHessianTests
{
    private static readonly AnalysisSettings Exact = new()
    {
        Operators = [OperatorKind.Hessian],
        LanczosSteps = null,
        Tolerance = 1e-10,
        TopEigenvalues = 1,
    };

    [Fact]
    public async Task A_training_on_real_MNIST_has_the_lambda_1_of_its_dense_Hessian()
    {
        var mnist = Mnist.Embedded().Train.TakeBalanced(200);
        using var images = tensor(mnist.Images.ToArray(), [.. mnist.Shape]);
        using var inputs = nn.functional.avg_pool2d(images, 7).to(float64);
        using var labels = tensor(mnist.Labels.ToArray());
        await AgreesAsync(
            () => new Networks.Perceptron(16, 9, 10),
            inputs,
            labels,
            z => nn.functional.cross_entropy(z, labels)
        );
    }

    [Fact]
    public Task A_module_with_batch_norm_has_the_lambda_1_of_its_dense_Hessian() =>
        ClassifiesAsync(() => new Networks.Normalised(), [24, 1, 4, 4], classes: 4);

    [Fact]
    public Task A_module_with_an_LSTM_has_the_lambda_1_of_its_dense_Hessian() =>
        ClassifiesAsync(() => new Networks.Recurrent(), [20, 5, 2], classes: 3);

    [Fact]
    public async Task A_loss_of_the_programs_own_has_the_lambda_1_of_its_dense_Hessian()
    {
        random.manual_seed(3);
        using var inputs = randn(20, 6, dtype: float64);
        using var targets = randn(20, 2, dtype: float64);
        await AgreesAsync(
            () => new Networks.Perceptron(6, 5, 2),
            inputs,
            targets,
            z => Robust(z, targets),
            TrainingLoss.Of(Robust)
        );

        static Tensor Robust(Tensor z, Tensor y) => ((z - y).square() + 1).sqrt().sum(1).mean();
    }

    private static async Task ClassifiesAsync(
        Func<nn.Module<Tensor, Tensor>> create,
        long[] shape,
        long classes
    )
    {
        random.manual_seed(2);
        using var inputs = randn(shape, dtype: float64);
        using var labels = arange(shape[0]).remainder(classes);
        await AgreesAsync(create, inputs, labels, z => nn.functional.cross_entropy(z, labels));
    }

    private static async Task AgreesAsync(
        Func<nn.Module<Tensor, Tensor>> create,
        Tensor inputs,
        Tensor targets,
        Func<Tensor, Tensor> loss,
        Derivatives.Objectives.LossFunction? measured = null
    )
    {
        const int steps = 12;
        random.manual_seed(1);
        using var net = create();
        net.to(float64);
        using var optimizer = optim.Adam(net.parameters(), 0.02);
        var seen = new RecordingObserver();
        await using var monitor = await TrainingMonitor.StartAsync(
            new TrainingMonitorOptions
            {
                Run = "dense",
                Module = net,
                Create = create,
                Loss = measured ?? TrainingLoss.CrossEntropy,
                ProbeInputs = inputs,
                ProbeTargets = targets,
                Optimizer = optimizer,
                Every = 5,
                Steps = steps,
                Analyses = [new(AnalysisKind.Sharpness)],
                Settings = Exact,
                Observers = [seen],
            }
        );
        for (int step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var value = loss(net.call(inputs));
            value.backward();
            optimizer.step();
            monitor.Step(value);
        }

        var summary = await monitor.FinishAsync().WaitAsync(Until.Patience);
        Assert.True(summary.Outcome == RunOutcome.Finished, summary.Failure);
        Assert.True(seen.Measured.Any(each => each.Step == steps), seen.Troubles);
        var last = seen.Measured.Single(each => each.Step == steps);
        double expected = DenseHessian.LargestEigenvalue(net, loss, inputs);
        Assert.Equal(1, last.Measurements[0].LambdaMax!.Value / expected, 1e-6);

        // All of Adam was read: its second moments are those of every parameter.
        Assert.NotNull(last.Stability);
    }
}
