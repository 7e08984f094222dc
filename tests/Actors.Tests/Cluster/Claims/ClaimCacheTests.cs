using CurvatureMonitor.Actors.Cluster.Claims;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Transfer;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Actors.Tests.Cluster.Claims;

/// <summary>
/// What a worker reads is what the host has, bit for bit; it is fetched once, and takes no more room than it may.
/// </summary>
public sealed class ClaimCacheTests : IAsyncLifetime, IDisposable
{
    private readonly ClaimTestFolder _folder = new();
    private BlobHost _host = null!;
    private BundleClaimSource _source = null!;

    public async Task InitializeAsync()
    {
        _host = await BlobHost.StartAsync();
        _source = _folder.Source(_host.Blobs);
        _host.PathOf = _source.PathOf;
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_come_once_and_outlive_the_worker()
    {
        using var run = new ClaimedRun(_folder["bundle"], "mlp", 1, 2);
        var (first, second) = (run.Claim(_source, 1), run.Claim(_source, 2));
        using (var cache = _folder.Cache())
        {
            Assert.Equal(Parameters(run, 1), await ClaimTestFolder.ReadAsync(cache, "mlp", 1, first));
            Assert.Equal(5, _host.Asked.Count);
            Assert.Equal(Parameters(run, 2), await ClaimTestFolder.ReadAsync(cache, "mlp", 2, second));
            Assert.Equal(Parameters(run, 1), await ClaimTestFolder.ReadAsync(cache, "mlp", 1, first));
            Assert.Equal(7, _host.Asked.Count);
        }

        using var next = _folder.Cache();
        Assert.Equal(Parameters(run, 2), await ClaimTestFolder.ReadAsync(next, "mlp", 2, second));
        Assert.Equal(7, _host.Asked.Count);
    }

    [Fact]
    public async Task A_run_has_one_objective_until_it_is_forgotten_or_its_files_are_others()
    {
        using var run = new ClaimedRun(_folder["bundle"], "mlp", 1);
        using var other = new ClaimedRun(_folder["other"], "mlp", 1, 2);
        File.AppendAllText(Path.Combine(other.Bundle.Directory, "run.json"), "\n");
        var claims = run.Claim(_source, 1);
        using var cache = _folder.Cache();
        var probe = await cache.GetProbeAsync("mlp", claims, null, Device.Cpu, CancellationToken.None);
        Assert.Same(probe, await cache.GetProbeAsync("mlp", claims, null, Device.Cpu, CancellationToken.None));
        Assert.NotSame(
            probe,
            await cache.GetProbeAsync("mlp", claims, ElementType.Float64, Device.Cpu, CancellationToken.None)
        );
        Assert.Throws<ObjectDisposedException>(probe.CreateObjective);
        _source.Forget("mlp");
        var changed = await cache.GetProbeAsync(
            "mlp",
            other.Claim(_source, 2),
            ElementType.Float64,
            Device.Cpu,
            CancellationToken.None
        );
        cache.Forget("mlp");
        cache.Forget("unknown");
        Assert.Throws<ObjectDisposedException>(changed.CreateObjective);
        Assert.NotSame(
            changed,
            await cache.GetProbeAsync(
                "mlp",
                other.Claim(_source, 2),
                ElementType.Float64,
                Device.Cpu,
                CancellationToken.None
            )
        );
    }

    [Fact]
    public async Task Any_order_of_jobs_is_served_from_a_small_cache_as_a_least_recently_used_one_would()
    {
        long[] steps = [1, 2, 3, 4, 5, 6];
        using var run = new ClaimedRun(_folder["bundle"], "mlp", steps);
        var claims = steps.ToDictionary(step => step, step => run.Claim(_source, step));
        var expected = steps.ToDictionary(step => step, step => Parameters(run, step));
        long runBytes = claims[1].Run.Sum(claim => claim.Bytes);
        long bytes = claims.Values.Max(job => job.Checkpoint.Sum(claim => claim.Bytes));
        var sequences = Gen.Elements(steps).ListOf(25).ToArbitrary();
        int folder = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(8), Prop.ForAll(sequences, sequence =>
            {
                string name = $"cache{folder++}";
                const int room = 3;
                using var cache = _folder.Cache(runBytes + (room * bytes), name);
                var recent = new List<long>();
                foreach (long step in sequence)
                {
                    int before = _host.Asked.Count;
                    Assert.Equal(
                        expected[step],
                        ClaimTestFolder.ReadAsync(cache, "mlp", step, claims[step]).GetAwaiter().GetResult()
                    );
                    bool isHit = recent.Remove(step);
                    int cost = isHit ? 0 : 2;
                    Assert.Equal(before == 0 || _host.Asked.Count - before > 2 ? 5 : cost, _host.Asked.Count - before);
                    recent.Insert(0, step);
                    if (recent.Count > room)
                    {
                        recent.RemoveAt(room);
                    }

                    Assert.InRange(_folder.CachedBytes(name), 1, runBytes + (room * bytes));
                }
            }));
    }

    [Fact]
    public async Task What_the_job_at_hand_needs_stays_and_must_fit()
    {
        using var run = new ClaimedRun(_folder["bundle"], "mlp", 1, 2);
        using var other = new ClaimedRun(_folder["other"], "other", 1);
        var claims = run.Claim(_source, 1);
        long needed = claims.Run.Concat(claims.Checkpoint).Sum(claim => claim.Bytes);
        using (var small = _folder.Cache(needed - 1, "small"))
        {
            var refused = await Assert.ThrowsAsync<ClaimException>(() =>
                ClaimTestFolder.ReadAsync(small, "mlp", 1, claims)
            );
            Assert.Contains("--cache-size", refused.Message, StringComparison.Ordinal);
            Assert.False(refused.IsMissing);
        }

        // The other run's name is two letters longer.
        needed += 10;
        using var cache = _folder.Cache(needed, "exact");
        Assert.Equal(Parameters(run, 1), await ClaimTestFolder.ReadAsync(cache, "mlp", 1, claims));
        Assert.Equal(Parameters(other, 1), await ClaimTestFolder.ReadAsync(cache, "other", 1, other.Claim(_source, 1)));
        Assert.Equal(Parameters(run, 1), await ClaimTestFolder.ReadAsync(cache, "mlp", 1, claims));
        Assert.InRange(_folder.CachedBytes("exact"), 1, needed);
    }

    [Fact]
    public async Task Two_workers_may_share_a_folder_that_is_too_small_for_both()
    {
        long[] steps = [.. Enumerable.Range(1, 12).Select(step => (long)step)];
        using var run = new ClaimedRun(_folder["bundle"], "mlp", steps);
        var claims = steps.ToDictionary(step => step, step => run.Claim(_source, step));
        long needed = claims[12].Run.Concat(claims[12].Checkpoint).Sum(claim => claim.Bytes);
        await Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(seed =>
                    Task.Run(async () =>
                    {
                        using var cache = _folder.Cache(needed + 10);
                        var random = new Random(seed);
                        for (int job = 0; job < 60; job++)
                        {
                            long step = steps[random.Next(steps.Length)];
                            cache.Forget("mlp");
                            Assert.Equal(
                                Parameters(run, step),
                                await ClaimTestFolder.ReadAsync(cache, "mlp", step, claims[step])
                            );
                        }
                    })
                )
        );
        using var last = _folder.Cache(needed);
        await ClaimTestFolder.ReadAsync(last, "mlp", 1, claims[1]);
        Assert.InRange(_folder.CachedBytes(), 1, needed);
    }

    [Fact]
    public async Task What_a_killed_worker_left_unfinished_goes_at_the_next_start_and_what_another_makes_stays()
    {
        using var run = new ClaimedRun(_folder["bundle"], "mlp", 1);
        var claims = run.Claim(_source, 1);
        string left = _folder["cache/unfinished/0123"],
            lockFile = left + ".lock";
        Directory.CreateDirectory(left);
        File.WriteAllText(Path.Combine(left, "model.pt"), "half");
        File.WriteAllText(lockFile, string.Empty);
        var reached = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        _host.Fault = async (_, _) =>
        {
            reached.TrySetResult();
            await go.Task;
            return false;
        };
        using var first = _folder.Cache();
        Assert.False(Directory.Exists(left) || File.Exists(lockFile));
        var reading = ClaimTestFolder.ReadAsync(first, "mlp", 1, claims);
        await reached.Task;
        using (_folder.Cache())
        {
            go.SetResult();
            Assert.Equal(Parameters(run, 1), await reading);
        }
    }

    [Fact]
    public async Task What_a_disk_has_spoiled_is_fetched_anew()
    {
        using var run = new ClaimedRun(_folder["bundle"], "mlp", 1);
        var claims = run.Claim(_source, 1);
        using (var cache = _folder.Cache())
        {
            await ClaimTestFolder.ReadAsync(cache, "mlp", 1, claims);
        }

        foreach (
            string file in Directory.EnumerateFiles(_folder["cache"], "*.safetensors", SearchOption.AllDirectories)
        )
        {
            byte[] content = File.ReadAllBytes(file);
            content[^1] ^= 1;
            File.WriteAllBytes(file, content);
        }

        using var again = _folder.Cache();
        Assert.Equal(Parameters(run, 1), await ClaimTestFolder.ReadAsync(again, "mlp", 1, claims));
        Assert.Equal(10, _host.Asked.Count);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_used_is_said_in_a_line()
    {
        await File.WriteAllTextAsync(_folder["file"], "no folder");
        Assert.Contains(
            "--cache-dir",
            Assert.Throws<BundleException>(() => _folder.Cache(folder: "file")).Message,
            StringComparison.Ordinal
        );
    }

    private static double[] Parameters(ClaimedRun run, long step)
    {
        using var checkpoint = run.Read(step);
        return checkpoint.ParametersToArray();
    }
}
