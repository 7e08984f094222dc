using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Cluster.Tests.Support;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Cluster.Tests.Dispatch;

/// <summary>
/// A host goes and another takes its place: what was measured meanwhile is not measured again, and nothing of it is
/// lost or taken twice.
/// </summary>
[Collection(BrokerGroup.Name)]
public sealed class HostRestartTests(RabbitMqFixture broker) : IAsyncLifetime, IDisposable
{
    private readonly TestCluster _cluster = new(broker.Server);
    private readonly ManualResetEventSlim _gate = new();
    private readonly List<long> _measured = [];

    public void Dispose() => _gate.Dispose();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _gate.Set();
        await _cluster.EndAsync();
    }

    [Fact]
    public async Task A_result_stays_with_the_broker_until_it_is_journalled()
    {
        await _cluster.StartWorkerAsync(Recording());
        _gate.Set();
        await using (var first = new JobDesk(_cluster))
        {
            first.Offer("a", 1);
            Assert.IsType<Measured>(await first.Answer());
            first.Offer("a", 2);
            Assert.IsType<Measured>(await first.Answer());
            first.Journal(new JobId("a", 1, AnalysisKind.Spectrum));
            await Until.HoldsAsync(() => first.Sample("curvature_queue_unacked{queue=\"results\"}") == 1);
        }

        // What of the two was journalled is not open any more.
        await using var second = new JobDesk(_cluster);
        var id = second.Offer("a", 2);
        second.Dispatcher.Settled("a");
        var again = Assert.IsType<Measured>(await second.Answer());
        Assert.Equal(id, again.Id);
        Assert.Equal([1L, 2], _measured);
        second.Journal(new JobId("a", 2, AnalysisKind.Spectrum));
        await second.Quiet();
    }

    [Fact]
    public async Task Every_open_job_gets_what_an_earlier_host_was_to_get_and_the_latest_alone_is_sent_again()
    {
        await _cluster.StartWorkerAsync(Recording());
        await using (var first = new JobDesk(_cluster))
        {
            await first.Started(first.Offer("a", 1));
            first.Offer("a", 2);
            first.Offer("a", 3);
            Assert.Equal(
                new JobDropped(new JobId("a", 2, AnalysisKind.Spectrum), DropReason.Superseded),
                await first.Answer()
            );
        }

        // 1 is being measured; 3 waits in its slot.
        await using var second = new JobDesk(_cluster);
        second.Offer("a", 1);
        second.Offer("a", 3);
        second.Offer("a", 4);
        second.Dispatcher.Settled("a");
        Assert.Equal(
            new JobDropped(new JobId("a", 3, AnalysisKind.Spectrum), DropReason.Superseded),
            await second.Answer()
        );
        _gate.Set();
        List<object> answers = [await second.Answer(), await second.Answer()];
        Assert.Equal([1L, 4], answers.Cast<Measured>().Select(measured => measured.Id.Step).Order());
        Assert.Equal([1L, 4], _measured);
        await second.Quiet();
    }

    [Fact]
    public async Task A_result_that_nobody_waits_for_any_more_is_a_duplicate()
    {
        await _cluster.StartWorkerAsync(Recording());
        _gate.Set();
        await using (var first = new JobDesk(_cluster))
        {
            first.Offer("a", 1);
            Assert.IsType<Measured>(await first.Answer());
        }

        await using var second = new JobDesk(_cluster);
        second.Offer("a", 2);
        second.Dispatcher.Settled("a");
        Assert.Equal(2, Assert.IsType<Measured>(await second.Answer()).Id.Step);
        second.Journal(new JobId("a", 2, AnalysisKind.Spectrum));
        await Until.HoldsAsync(() =>
            second.Sample("curvature_jobs_total{run=\"a\",analysis=\"spectrum\",outcome=\"duplicate\"}") == 1
        );
        await Until.HoldsAsync(() => second.Sample("curvature_queue_unacked{queue=\"results\"}") == 0);
    }

    [Fact]
    public async Task Hosts_share_the_workers_and_each_gets_its_own()
    {
        await _cluster.StartWorkerAsync(Recording());
        _gate.Set();
        await using var one = new JobDesk(_cluster, "one");
        await using var other = new JobDesk(_cluster, "other");
        for (int step = 1; step <= 5; step++)
        {
            one.Offer("a", step);
            other.Offer("a", 10 + step);
            Assert.Equal(step, Assert.IsType<Measured>(await one.Answer()).Id.Step);
            Assert.Equal(10 + step, Assert.IsType<Measured>(await other.Answer()).Id.Step);
        }

        await one.Quiet();
        await other.Quiet();
    }

    private ScriptedAnalyzer Recording() =>
        new(
            (job, _) =>
            {
                _gate.Wait(CancellationToken.None);
                if (job.Id.Run != "quiet")
                {
                    lock (_measured)
                    {
                        _measured.Add(job.Id.Step);
                    }
                }

                return Reports.Sharpness(job.Id.Step);
            }
        );
}
