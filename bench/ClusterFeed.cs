using System.Diagnostics;
using System.Threading.Channels;
using Akka.Actor;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace CurvatureMonitor.Bench;

/// <summary>A host that offers jobs and takes their answers, as runs do, with nothing else to do.</summary>
internal sealed class ClusterFeed : IAsyncDisposable
{
    private readonly ActorSystem _system = ActorRuntime.Start(
        "feed",
        TimeProvider.System,
        TimeSpan.FromSeconds(5),
        NullLoggerFactory.Instance
    );
    private readonly Channel<object> _answers = Channel.CreateUnbounded<object>();
    private readonly ResourceTable _resources = new();
    private readonly IActorRef _inbox;
    private readonly IJobDispatcher _dispatcher;

    internal ClusterFeed(Func<DispatcherContext, IJobDispatcher> create)
    {
        _inbox = _system.ActorOf(Props.Create(() => new Inbox(_answers.Writer)));
        _dispatcher = create(
            new DispatcherContext(
                _system,
                _system.DeadLetters,
                _resources,
                new CurvatureMetrics(),
                TimeProvider.System,
                NullLogger.Instance
            )
        );
    }

    internal ActorSystem System => _system;

    internal void Settle(string run) => _dispatcher.Settled(run);

    /// <summary>Offers a job, and keeps its checkpoint under the step that the job names.</summary>
    internal void Offer(BenchJob job)
    {
        var id = job.Job.Id;
        var run = _resources.Find(id.Run) ?? _resources.Open(id.Run, job.Probe);
        run.Keep(id.Step, job.Checkpoint.Retain());
        _dispatcher.Offer(job.Job, _inbox);
    }

    /// <summary>The next word, and where it is an answer the journal's receipt for it.</summary>
    internal async Task<object> NextAsync()
    {
        object word = await _answers.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(2));
        if (word is Measured measured && _dispatcher is IMonitorObserver observer)
        {
            var id = measured.Id;
            _resources.Find(id.Run)!.Release(id.Step);
            observer.OnEvent(
                new CheckpointMeasured(
                    id.Run,
                    DateTimeOffset.UnixEpoch,
                    id.Step,
                    id.Analysis,
                    [],
                    [],
                    null,
                    MeasurementCost.None,
                    0,
                    null
                )
            );
        }

        return word;
    }

    internal async Task<Measured> AnswerAsync()
    {
        object word;
        do
        {
            word = await NextAsync();
        } while (word is JobStarted);
        return word as Measured ?? throw new InvalidOperationException($"not measured: {word}");
    }

    /// <summary>Takes answers for a while.</summary>
    /// <param name="window">How long.</param>
    /// <param name="again">Offers another job for each.</param>
    /// <returns>Answers a second.</returns>
    internal async Task<double> RateAsync(TimeSpan window, Action<Measured> again)
    {
        long started = Stopwatch.GetTimestamp();
        int count = 0;
        while (Stopwatch.GetElapsedTime(started) < window)
        {
            again(await AnswerAsync());
            count++;
        }

        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        if (_dispatcher is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    private sealed class Inbox : ReceiveActor
    {
        public Inbox(ChannelWriter<object> answers) => ReceiveAny(answer => answers.TryWrite(answer));
    }
}
