using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using CurvatureMonitor.Actors.Cluster.Workers;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tests.Cluster.Support;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Actors.Tests.Cluster;

/// <summary>
/// A host goes and another takes its place: what was answered meanwhile is not measured again, and nothing of it is
/// lost or taken twice.
/// </summary>
public sealed class HostRestartTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();
    private readonly List<long> _measured = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _cluster.EndAsync();

    [Fact]
    public async Task An_answer_stays_with_its_worker_until_it_is_journalled()
    {
        WorkerNode worker;
        await using (var first = new JobDesk(_cluster))
        {
            worker = _cluster.StartWorker(Recording());
            first.Offer("a", 1);
            Assert.IsType<Measured>(await first.Answer());
            first.Offer("a", 2);
            Assert.IsType<Measured>(await first.Answer());
            first.Journal(new JobId("a", 1, AnalysisKind.Spectrum));
            await Until.HoldsAsync(() => Kept() == 1);
        }

        Assert.False(await worker.Completion.WaitAsync(Until.Patience));
        await worker.DisposeAsync();

        // What of the two was journalled is not open any more.
        await using var second = new JobDesk(_cluster, port: _cluster.First!.Port);
        _cluster.KeepWorker(Recording());
        var id = second.Offer("a", 2);
        second.Dispatcher.Settled("a");
        var again = Assert.IsType<Measured>(await second.Answer());
        Assert.Equal(id, again.Id);
        Assert.Equal([1L, 2], _measured);
        second.Journal(new JobId("a", 2, AnalysisKind.Spectrum));
        await Until.HoldsAsync(() => Kept() == 0);
        await second.Quiet();
    }

    [Fact]
    public async Task An_answer_that_nobody_waits_for_any_more_is_a_duplicate_once()
    {
        WorkerNode worker;
        await using (var first = new JobDesk(_cluster))
        {
            worker = _cluster.StartWorker(Recording());
            first.Offer("a", 1);
            Assert.IsType<Measured>(await first.Answer());
        }

        await worker.DisposeAsync();
        await using var second = new JobDesk(_cluster, port: _cluster.First!.Port);
        _cluster.KeepWorker(Recording());

        // Nobody has said yet what is open: it is neither taken nor counted.
        await second.Log.SaysAsync("keeps an answer to the spectrum of a at step 1");
        Assert.Equal(1, Kept());
        second.Offer("a", 2);
        second.Dispatcher.Settled("a");
        Assert.Equal(2, Assert.IsType<Measured>(await second.Answer()).Id.Step);
        second.Journal(new JobId("a", 2, AnalysisKind.Spectrum));
        await Until.HoldsAsync(() => Kept() == 0);
        Assert.Equal(1, second.Sample("curvature_jobs_total{run=\"a\",analysis=\"spectrum\",outcome=\"duplicate\"}"));
    }

    [Fact]
    public async Task Hosts_share_the_workers_and_each_gets_its_own()
    {
        await using var one = new JobDesk(_cluster, "one");
        await using var other = new JobDesk(_cluster, "other");
        _cluster.KeepWorker(Recording());
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

    [Fact]
    public async Task Renewed_credentials_are_taken_up_and_the_work_goes_on()
    {
        int port;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        await using var host = new JobDesk(_cluster, port: port);
        var worker = _cluster.StartWorker(Recording());
        host.Offer("a", 1);
        Assert.IsType<Measured>(await host.Answer());
        string before = await ShownAsync();

        _cluster.Renew();
        await host.Log.SaysAsync("certificate was renewed");
        Assert.False(await worker.Completion.WaitAsync(Until.Patience));
        await worker.DisposeAsync();
        _cluster.KeepWorker(Recording());
        host.Offer("a", 2);
        Assert.Equal(2, Assert.IsType<Measured>(await host.Answer()).Id.Step);
        string after = await ShownAsync();
        Assert.NotEqual(before, after);
        Assert.Equal(_cluster.Credentials.Current.Certificate.Thumbprint, after);
        Assert.DoesNotContain("no place for this host", host.Log.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The certificate that the host shows to a stranger, whom it does not let in.</summary>
    private async Task<string> ShownAsync()
    {
        string? shown = null;
        using var client = new TcpClient();
        await client.ConnectAsync(_cluster.First!.Host, _cluster.First.Port);
        await using var stream = new SslStream(
            client.GetStream(),
            leaveInnerStreamOpen: false,
            (_, certificate, _, _) =>
            {
                shown = certificate!.GetCertHashString();
                return false;
            }
        );
        await Assert.ThrowsAsync<AuthenticationException>(() => stream.AuthenticateAsClientAsync(_cluster.First.Host));
        return shown!;
    }

    private int Kept() => _cluster.KeptAnswers().Count;

    private ScriptedAnalyzer Recording() =>
        new(
            (job, _) =>
            {
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
