using CurvatureMonitor.Actors;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Storage.Checkpoints;
using Microsoft.Extensions.DependencyInjection;
using static TorchSharp.torch;

namespace CurvatureMonitor.Tests.Modules;

/// <summary>A measurement that takes as long as it likes.</summary>
public sealed class HoldingUpTests
{
    [Fact]
    public async Task No_step_waits_for_a_measurement_and_the_latest_checkpoint_wins()
    {
        using var gate = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        var seen = new RecordingObserver();
        await using var served = await EmbeddedMonitor.StartAsync(
            app => app.MapCurvatureMonitor(),
            services =>
            {
                services.AddSingleton<IMonitorObserver>(seen);
                services.AddSingleton<ICheckpointAnalyzerFactory>(new Blocking(gate, begun));
            }
        );
        using var net = Trainings.Net();
        using var optimizer = optim.SGD(net.parameters(), 0.1);
        var options = Trainings.Options(net, optimizer, seen) with { Every = 1, Observers = [] };
        await using var monitor = TrainingMonitor.Start(options, served.Services.GetRequiredService<RunMonitor>());
        Trainings.Step(net, optimizer, monitor);
        Assert.True(begun.Wait(Until.Patience));

        // Were a step to wait for the measurement, this would never end.
        for (int step = 0; step < 200; step++)
        {
            Trainings.Step(net, optimizer, monitor);
        }

        // All have arrived: one is being measured, one waits, the others were overtaken.
        await Until.HoldsAsync(() => seen.Events.OfType<CheckpointDropped>().Count() == 199);
        Assert.Empty(seen.Measured);
        Assert.InRange(Checkpoint.LiveCount, 1, 8);
        gate.Set();
        var summary = await monitor.FinishAsync().WaitAsync(Until.Patience);
        Assert.Equal(201, summary.Steps);
        Assert.Equal([1, 201], seen.Measured.Select(measured => measured.Step));
    }

    private sealed class Blocking(ManualResetEventSlim gate, ManualResetEventSlim begun)
        : ICheckpointAnalyzerFactory,
            ICheckpointAnalyzer
    {
        public ICheckpointAnalyzer Create(RunProbe probe) => this;

        public AnalysisReport Analyse(
            AnalyseCheckpoint job,
            Checkpoint checkpoint,
            CancellationToken cancellationToken
        )
        {
            begun.Set();
            gate.Wait(cancellationToken);
            return new AnalysisReport([]);
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
