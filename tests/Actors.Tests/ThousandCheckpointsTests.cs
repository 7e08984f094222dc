using System.Threading.Channels;
using Akka.Actor;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Actors.Workers;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Training.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>Measuring for long leaves nothing behind.</summary>
public sealed class ThousandCheckpointsTests
{
    private const long AllowedGrowth = 8 << 20;

    [Fact]
    public async Task A_thousand_measured_checkpoints_leave_no_native_object_and_no_byte()
    {
        var before = (TorchRuntime.LiveObjects, Checkpoint.LiveCount, Checkpoint.LiveBytes);
        long? bytes = TorchRuntime.LiveBytes;
        var system = ActorRuntime.Start(
            "thousand",
            TimeProvider.System,
            TimeSpan.FromSeconds(5),
            NullLoggerFactory.Instance
        );
        var table = new ResourceTable();
        var settings = new WorkerSettings(
            1,
            new CurvatureAnalyzerFactory(TimeProvider.System),
            table,
            new JobCancellations(),
            TimeProvider.System,
            NullLogger.Instance
        );
        var dispatcher = new BoardDispatcher(LocalBoard.Start(system, settings, system.DeadLetters));
        var answers = Channel.CreateUnbounded<object>();
        var inbox = system.ActorOf(Props.Create(() => new Inbox(answers.Writer)));
        var model = BuiltInModels.Create("mlp:input=1,2,2;classes=3;hidden=4");
        using var probe = new RunProbe(TinyRuns.Request("thousand"), model);
        var resources = table.Open("thousand", probe);
        var layout = new CheckpointLayout(Slots(model), []);

        long? between = null;
        for (var step = 1; step <= 1000; step++)
        {
            var theta = Enumerable
                .Range(0, layout.ParameterCount)
                .Select(i => 0.1 * Math.Sin((i + 1) * step))
                .ToArray();
            resources.Keep(
                Checkpoint.From(new CheckpointInfo("thousand", step, DateTimeOffset.UnixEpoch), layout, theta)
            );
            var kind = step % 2 == 0 ? AnalysisKind.Spectrum : AnalysisKind.Sharpness;
            var job = new AnalyseCheckpoint(
                new JobId("thousand", step, kind),
                new AnalysisSettings { LanczosSteps = 4 }
            );
            dispatcher.Offer(job, inbox);
            var measured = Assert.IsType<Measured>(await answers.Reader.ReadAsync());
            Assert.Equal(step, measured.Id.Step);
            resources.Release(step);
            if (step == 100)
            {
                between = TorchRuntime.LiveObjects;
            }
        }

        Assert.Equal(between, TorchRuntime.LiveObjects);
        await system.Terminate();
        probe.Dispose();
        Assert.Equal(before, (TorchRuntime.LiveObjects, Checkpoint.LiveCount, Checkpoint.LiveBytes));

        // The whole process's native memory: caches grow a little, a thousand checkpoints' tensors would be far more.
        Assert.InRange(TorchRuntime.LiveBytes ?? 0, 0, (bytes ?? 0) + AllowedGrowth);
    }

    private static List<TensorSlot> Slots(ModelDefinition model)
    {
        var offset = 0L;
        var slots = new List<TensorSlot>();
        foreach (var spec in model.Parameters.Select(parameter => parameter.Spec))
        {
            slots.Add(new TensorSlot(spec.Name, spec.Shape, offset));
            offset += spec.Count;
        }

        return slots;
    }

    private sealed class Inbox : ReceiveActor
    {
        public Inbox(ChannelWriter<object> answers)
        {
            Receive<JobStarted>(_ => { });
            ReceiveAny(answer => answers.TryWrite(answer));
        }
    }
}
