using CurvatureMonitor.Actors;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using Microsoft.Extensions.DependencyInjection;
using TorchSharp;
using static TorchSharp.torch;

namespace CurvatureMonitor.Tests.Modules;

/// <summary>A monitor beside a TorchSharp training.</summary>
public sealed class TrainingMonitorTests
{
    [Fact]
    public async Task Every_kth_step_and_the_last_are_accounted_for_and_the_last_is_measured()
    {
        using var net = Trainings.Net();
        using var optimizer = optim.SGD(net.parameters(), 0.1, momentum: 0.5);
        var seen = new RecordingObserver();
        await using var monitor = await TrainingMonitor.StartAsync(Trainings.Options(net, optimizer, seen));
        for (int step = 0; step < 12; step++)
        {
            Trainings.Step(net, optimizer, monitor);
        }

        var summary = await monitor.FinishAsync().WaitAsync(Until.Patience);
        Assert.Equal((RunOutcome.Finished, 12), (summary.Outcome, summary.Steps));
        var taken = seen.Events.OfType<CheckpointTaken>().Select(each => each.Step).ToHashSet();
        Assert.Equal([5, 10, 12], taken.Order());
        Assert.Equal(12, seen.Measured[^1].Step);
        Assert.Equal(2 * 1.5 / 0.1, seen.Measured[^1].Limits[0].Value, 1e-9);
        var reported = seen.Events.OfType<TrainingReported>().Last();
        Assert.Equal((12, 0.1), (reported.Step, reported.LearningRate));
        Assert.InRange(reported.Loss!.Value, 0.1, 1);
    }

    [Fact]
    public async Task Limits_follow_the_schedules_of_rate_and_momentum()
    {
        using var net = Trainings.Net();
        using var optimizer = optim.SGD(net.parameters(), 0.1, momentum: 0.5);
        var schedule = optim.lr_scheduler.StepLR(optimizer, step_size: 3, gamma: 0.5);
        var seen = new RecordingObserver();
        await using var monitor = await TrainingMonitor.StartAsync(Trainings.Options(net, optimizer, seen));
        for (int step = 0; step < 5; step++)
        {
            Trainings.Step(net, optimizer);
            schedule.step();
            optimizer.ParamGroups.OfType<TorchSharp.Modules.SGD.ParamGroup>().Single().Momentum = 0.8;
            monitor.Step(0.5);
        }

        await monitor.FinishAsync().WaitAsync(Until.Patience);
        var measured = Assert.Single(seen.Measured);
        Assert.Equal(2 * 1.8 / 0.05, measured.Limits.First(limit => limit.Kind == StabilityKind.Full).Value, 1e-9);
    }

    [Fact]
    public async Task Frozen_parameters_are_no_part_of_the_curvature_and_their_values_count()
    {
        using var net = Trainings.Net();
        foreach (var parameter in net.First.parameters())
        {
            parameter.requires_grad = false;
        }

        using var optimizer = optim.SGD(net.Second.parameters(), 0.1);
        var seen = new RecordingObserver();
        var options = Trainings.Options(net, optimizer, seen) with { ElementType = ScalarType.Float64 };
        await using var monitor = await TrainingMonitor.StartAsync(options);
        Trainings.Step(net, optimizer, monitor);
        await monitor.FinishAsync().WaitAsync(Until.Patience);
        var started = seen.Events.OfType<RunStarted>().Single();
        Assert.Equal(10, started.Description.Parameters);
        net.to(float64);
        using var inputs = Trainings.Inputs.to(float64);
        double expected = DenseHessian.LargestEigenvalue(
            net,
            z => nn.functional.cross_entropy(z, Trainings.Labels),
            inputs
        );
        Assert.Equal(1, seen.Measured[^1].Measurements[0].LambdaMax!.Value / expected, 1e-3);
    }

    [Fact]
    public async Task A_program_with_a_monitor_of_its_own_shows_the_training_there()
    {
        await using var served = await EmbeddedMonitor.StartAsync(app => app.MapCurvatureMonitor());
        using var net = Trainings.Net();
        using var optimizer = optim.Adam(net.parameters(), 0.01);
        var options = Trainings.Options(net, optimizer, new RecordingObserver(), run: "own");
        await using var monitor = TrainingMonitor.Start(options, served.Services.GetRequiredService<RunMonitor>());
        Trainings.Step(net, optimizer, monitor);
        await monitor.FinishAsync().WaitAsync(Until.Patience);
        string metrics = await served.Client.GetStringAsync("/metrics");
        Assert.Contains("curvature_lambda_max{run=\"own\"", metrics, StringComparison.Ordinal);
        Assert.Contains("curvature_training_step{run=\"own\"} 1", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loss_that_is_not_finite_is_not_reported_and_parameters_that_are_not_are_refused()
    {
        using var net = Trainings.Net();
        using var optimizer = optim.SGD(net.parameters(), 0.1);
        var seen = new RecordingObserver();
        await using var monitor = await TrainingMonitor.StartAsync(Trainings.Options(net, optimizer, seen));
        using (no_grad())
        {
            net.parameters().First().fill_(double.NaN);
        }

        monitor.Step(double.NaN);
        await monitor.FinishAsync().WaitAsync(Until.Patience);
        Assert.Null(seen.Events.OfType<TrainingReported>().Single().Loss);
        Assert.Contains("NaN", seen.Events.OfType<AnalysisFailed>().Single().Message, StringComparison.Ordinal);
    }
}
