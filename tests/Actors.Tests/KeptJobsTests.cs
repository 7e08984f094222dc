using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Metrics;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>
/// Where jobs outlive the process: what a run does at its start and its stop, so that no answer is lost and none is
/// taken twice.
/// </summary>
public sealed class KeptJobsTests : IDisposable
{
    private const string Run = "tiny";

    private static readonly AnalysisKind[] Both = [AnalysisKind.Spectrum, AnalysisKind.Sharpness];

    private readonly string _folder = Directory.CreateTempSubdirectory("kept-jobs-").FullName;
    private readonly ManualDispatcher _dispatcher = new() { KeepsJobs = true };
    private readonly RecordingObserver _observer = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_open_job_is_offered_again_in_order_whatever_it_costs_and_then_the_run_says_so()
    {
        var bundle = TinyBundle.Write(Path.Combine(_folder, "b"), TinyBundle.Linear, Run, 1, 2, 3, 4);
        await using var monitor = await StartAsync();
        var run = monitor.StartIntake(
            Request(bundle) with
            {
                OverheadBudget = 1e-6,
                History =
                [
                    Taken(1, Both),
                    Taken(2, Both),
                    Measured(2, AnalysisKind.Spectrum),
                    Taken(3, AnalysisKind.Spectrum),
                ],
            }
        );
        run.Arrived(4);
        await Until.HoldsAsync(() => _observer.Of<CheckpointTaken>().Any(taken => taken.Step == 4));
        Assert.Equal(
            [
                Id(1, AnalysisKind.Spectrum),
                Id(1, AnalysisKind.Sharpness),
                Id(2, AnalysisKind.Sharpness),
                Id(3, AnalysisKind.Spectrum),
            ],
            _dispatcher.Offered.Select(job => job.Id)
        );
        Assert.Equal(["settled " + Run], _dispatcher.Calls);

        // An answer to a job that a later one has overtaken counts all the same.
        _dispatcher.Answer(id => new Measured(id, Reports.Sharpness(1), new MeasurementCost(5, 0, 10), 1), 1);
        Assert.Equal((1, AnalysisKind.Spectrum), await Told());

        async Task<(long, AnalysisKind)> Told()
        {
            var measured = await _observer.First<CheckpointMeasured>(measured => measured.Step == 1);
            return (measured.Step, measured.Analysis);
        }
    }

    [Fact]
    public async Task A_run_without_a_past_says_at_once_that_nothing_is_open()
    {
        var bundle = TinyBundle.Write(Path.Combine(_folder, "b"), TinyBundle.Linear, Run, 1);
        await using var monitor = await StartAsync();
        monitor.StartIntake(Request(bundle));
        await Until.HoldsAsync(() => _dispatcher.Calls.Count > 0);
        Assert.Equal(["settled " + Run], _dispatcher.Calls);
        Assert.Empty(_dispatcher.Offered);
    }

    [Fact]
    public async Task When_the_process_stops_the_jobs_of_runs_that_are_taken_up_again_go_on()
    {
        var bundle = TinyBundle.Write(Path.Combine(_folder, "b"), TinyBundle.Linear, Run, 1);
        await using (var monitor = await StartAsync())
        {
            var run = monitor.StartIntake(Request(bundle));
            run.Arrived(1);
            await Until.HoldsAsync(() => _dispatcher.Offered.Count == 2);
            await monitor.StopAsync();
            Assert.Equal(RunOutcome.Stopped, (await run.Completion).Outcome);
        }

        Assert.Equal(["settled " + Run], _dispatcher.Calls);
    }

    [Fact]
    public async Task A_run_whose_checkpoint_broke_every_worker_is_degraded_and_goes_on()
    {
        var bundle = TinyBundle.Write(Path.Combine(_folder, "b"), TinyBundle.Linear, Run, 1);
        var metrics = new CurvatureMetrics();
        await using var monitor = await StartAsync(metrics);
        var run = monitor.StartIntake(Request(bundle));
        run.Arrived(1);
        await Until.HoldsAsync(() => _dispatcher.Offered.Count == 2);
        Assert.Contains($"curvature_run_degraded{{run=\"{Run}\"}} 0\n", Scrape.Text(metrics), StringComparison.Ordinal);
        _dispatcher.Answer(id => new JobDropped(id, DropReason.Poison), 1);
        Assert.Equal(AnalysisKind.Spectrum, (await _observer.First<RunDegraded>()).Analysis);
        Assert.Contains($"curvature_run_degraded{{run=\"{Run}\"}} 1\n", Scrape.Text(metrics), StringComparison.Ordinal);
        _dispatcher.Answer(id => new JobFailed(id, JobFailureReason.TimedOut, "late", 2, 1), 1, AnalysisKind.Sharpness);
        await _observer.First<AnalysisFailed>();
        Assert.Equal(
            [AnalysisKind.Spectrum, AnalysisKind.Sharpness],
            _observer.Of<RunDegraded>().Select(degraded => degraded.Analysis)
        );
        Assert.Contains(
            $"curvature_jobs_total{{run=\"{Run}\",analysis=\"sharpness\",outcome=\"timeout\"}} 1\n",
            Scrape.Text(metrics),
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"curvature_job_failures_total{{run=\"{Run}\",analysis=\"sharpness\",reason=\"timed_out\"}} 1\n",
            Scrape.Text(metrics),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_checkpoint_whose_files_are_gone_stays_measured_in_the_ways_that_were_done(bool keepsJobs)
    {
        var bundle = TinyBundle.Write(Path.Combine(_folder, "b"), TinyBundle.Linear, Run);
        await using var monitor = await StartAsync(dispatcher: new ManualDispatcher { KeepsJobs = keepsJobs });
        var run = monitor.StartIntake(
            Request(bundle) with
            {
                History = [Taken(1, Both), Measured(1, AnalysisKind.Spectrum), Taken(2, Both)],
            }
        );
        run.Finish();
        var summary = await run.Completion;
        Assert.Equal((2, 1, 0), (summary.Emitted, summary.Measured, summary.Failed));
        Assert.Equal(1, summary.Dropped[DropReason.Missing]);
        Assert.Equal(
            (2L, DropReason.Missing),
            (_observer.Of<CheckpointDropped>().Single().Step, _observer.Of<CheckpointDropped>().Single().Reason)
        );
    }

    private static IntakeRequest Request(RunBundle bundle) =>
        new()
        {
            Run = Run,
            Bundle = bundle,
            Analyses = [.. Both.Select(kind => new AnalysisCadence(kind))],
        };

    private static JobId Id(long step, AnalysisKind kind) => new(Run, step, kind);

    private static CheckpointTaken Taken(long step, params AnalysisKind[] kinds) =>
        new(Run, DateTimeOffset.UnixEpoch, step, false) { Analyses = kinds };

    private static CheckpointMeasured Measured(long step, AnalysisKind kind) =>
        new(Run, DateTimeOffset.UnixEpoch, step, kind, [], [], null, MeasurementCost.None, 0, null);

    private Task<MonitorHost> StartAsync(CurvatureMetrics? metrics = null, IJobDispatcher? dispatcher = null) =>
        MonitorHost.StartAsync(
            metrics ?? new CurvatureMetrics(),
            [_observer],
            dispatchers: new Factory(dispatcher ?? _dispatcher)
        );

    private sealed class Factory(IJobDispatcher dispatcher) : IJobDispatcherFactory
    {
        public IJobDispatcher Create(DispatcherContext context) => dispatcher;
    }
}
