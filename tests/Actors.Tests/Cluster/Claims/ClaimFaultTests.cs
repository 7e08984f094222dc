using CurvatureMonitor.Actors.Cluster.Claims;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Transfer;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;

namespace CurvatureMonitor.Actors.Tests.Cluster.Claims;

/// <summary>Hosts that break off, answer wrongly, are away, or lie.</summary>
public sealed class ClaimFaultTests : IAsyncLifetime, IDisposable
{
    private readonly ClaimTestFolder _folder = new();
    private BlobHost _host = null!;
    private BundleClaimSource _source = null!;
    private ClaimedRun _run = null!;

    public async Task InitializeAsync()
    {
        _host = await BlobHost.StartAsync();
        _source = _folder.Source(_host.Blobs);
        _host.PathOf = _source.PathOf;
        _run = new ClaimedRun(_folder["bundle"], "mlp", 1);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose()
    {
        _run.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void However_often_the_connection_breaks_the_file_comes_whole()
    {
        var claims = _run.Claim(_source, 1);
        var breaks = Gen.Choose(0, 400).ListOf(4).ToArbitrary();
        int folder = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(6), Prop.ForAll(breaks, sizes =>
            {
                var left = new Queue<int>(sizes);
                _host.Fault = async (context, _) =>
                {
                    if (left.TryDequeue(out int bytes))
                    {
                        await _host.BreakAfterAsync(context, bytes);
                        return true;
                    }

                    return false;
                };
                using var cache = _folder.Cache(folder: $"cache{folder++}");
                Assert.Equal(Parameters(), ClaimTestFolder.ReadAsync(cache, "mlp", 1, claims).GetAwaiter().GetResult());
                Assert.Empty(left);
            }));
    }

    [Fact]
    public async Task A_host_that_is_starting_or_ignores_ranges_is_asked_again()
    {
        var claims = _run.Claim(_source, 1);
        _host.Fault = async (context, number) =>
        {
            if (number == 1)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return true;
            }

            if (number == 2)
            {
                await _host.BreakAfterAsync(context, 10);
                return true;
            }

            context.Request.Headers.Remove("Range");
            return false;
        };
        using var cache = _folder.Cache();
        Assert.Equal(Parameters(), await ClaimTestFolder.ReadAsync(cache, "mlp", 1, claims));
    }

    [Fact]
    public async Task A_file_that_the_host_no_longer_has_is_missing()
    {
        var claims = _run.Claim(_source, 1);
        _source.Forget("mlp");
        var failure = await FailureAsync(claims);
        Assert.True(failure.IsMissing);
        Assert.Contains("has it no longer", failure.Message, StringComparison.Ordinal);
        Assert.Single(_host.Asked);
    }

    [Fact]
    public async Task A_host_that_stays_away_is_given_up_and_is_not_taken_for_a_missing_file()
    {
        var claims = _run.Claim(_source, 1);
        await _host.DisposeAsync();
        var failure = await FailureAsync(claims, patience: 1);
        Assert.False(failure.IsMissing);
        Assert.True(failure.IsHostAway);
    }

    [Fact]
    public async Task A_host_that_falls_silent_is_given_up()
    {
        var claims = _run.Claim(_source, 1);
        var end = new TaskCompletionSource();
        _host.Fault = async (context, _) =>
        {
            context.Response.ContentLength = claims.Run[0].Bytes;
            await context.Response.Body.WriteAsync(new byte[1]);
            await context.Response.Body.FlushAsync();
            await end.Task;
            return true;
        };
        var failure = await FailureAsync(claims, patience: 1, idle: 0.2);
        end.SetResult();
        Assert.False(failure.IsMissing);
        Assert.Contains("sent nothing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_without_the_token_is_told_what_it_needs()
    {
        var claims = _run.Claim(_source, 1);
        _host.Fault = (context, _) =>
        {
            bool refused = context.Request.Headers.Authorization != "Bearer word";
            context.Response.StatusCode = refused ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK;
            return Task.FromResult(refused);
        };
        Assert.Contains("--token-file", (await FailureAsync(claims)).Message, StringComparison.Ordinal);
        using var cache = _folder.Cache(token: "word");
        Assert.Equal(Parameters(), await ClaimTestFolder.ReadAsync(cache, "mlp", 1, claims));
    }

    [Fact]
    public void No_changed_byte_and_no_other_length_goes_unnoticed()
    {
        var claims = _run.Claim(_source, 1);
        var damages =
            from file in Gen.Choose(0, 4)
            from place in Gen.Choose(0, 100_000)
            from kind in Gen.Choose(0, 2)
            select (file, place, kind);
        int folder = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(15), Prop.ForAll(damages.ToArbitrary(), damage =>
            {
                var victim = claims.Run.Concat(claims.Checkpoint).ElementAt(damage.file);
                byte[] content = File.ReadAllBytes(_source.PathOf(victim.Sha256)!);
                switch (damage.kind)
                {
                    case 0:
                        content[damage.place % content.Length] ^= 0x40;
                        break;
                    case 1:
                        content = content[..(damage.place % content.Length)];
                        break;
                    default:
                        content = [.. content, 0];
                        break;
                }

                string spoiled = _folder["spoiled"];
                File.WriteAllBytes(spoiled, content);
                _host.PathOf = hash => hash == victim.Sha256 ? spoiled : _source.PathOf(hash);
                string name = $"cache{folder++}";
                using var cache = _folder.Cache(folder: name, patience: 0.3);
                var failure = Assert.Throws<ClaimException>(() =>
                    ClaimTestFolder.ReadAsync(cache, "mlp", 1, claims).GetAwaiter().GetResult()
                );
                Assert.False(failure.IsMissing);
                Assert.False(failure.IsHostAway);
                Assert.Contains(victim.Name, failure.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', failure.Message);
                Assert.DoesNotContain(_folder.Unfinished(name), file =>
                    file.EndsWith(victim.Name, StringComparison.Ordinal)
                );
                Assert.Empty(
                    Directory.EnumerateFiles(_folder[name], Path.GetFileName(victim.Name), SearchOption.AllDirectories)
                );
            }));
    }

    [Fact]
    public async Task A_shared_folder_tells_a_file_that_is_gone_from_a_share_that_is_not_mounted()
    {
        var source = _folder.Source(null, _folder.Root);
        var claims = _run.Claim(source, 1);
        string other = Path.Combine(_folder.Root, "not", "mounted", "bundle") + "/";
        Assert.False((await FailureAsync(claims with { Source = new Uri(other) })).IsMissing);
        File.Delete(_run.Bundle.TensorsPath(1));
        Assert.True((await FailureAsync(claims)).IsMissing);
        Directory.Delete(_run.Bundle.Directory, recursive: true);
        Assert.True((await FailureAsync(claims, folder: "other")).IsMissing);
    }

    [Theory]
    [InlineData("../model.pt")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    [InlineData("")]
    [InlineData("a\\..\\b")]
    public async Task A_name_that_leads_out_of_the_folder_is_refused(string name)
    {
        var claims = _run.Claim(_source, 1);
        var failure = await FailureAsync(claims with { Checkpoint = [claims.Checkpoint[0] with { Name = name }] });
        Assert.Contains("cannot be", failure.Message, StringComparison.Ordinal);
        Assert.Equal(3, _host.Asked.Count);
    }

    [Fact]
    public async Task A_job_that_names_another_runs_files_is_refused()
    {
        var claims = _run.Claim(_source, 1);
        using var cache = _folder.Cache();
        await Assert.ThrowsAsync<BundleException>(() => ClaimTestFolder.ReadAsync(cache, "another", 1, claims));
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            cache.GetCheckpointAsync("another", 1, claims, CancellationToken.None)
        );
    }

    [Fact]
    public async Task A_job_that_is_given_up_leaves_nothing_half_done()
    {
        var claims = _run.Claim(_source, 1);
        using var cancellation = new CancellationTokenSource();
        _host.Fault = async (context, _) =>
        {
            await context.Response.Body.WriteAsync(new byte[1]);
            await context.Response.Body.FlushAsync();
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        using var cache = _folder.Cache();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            cache.GetProbeAsync("mlp", claims, null, Contracts.Models.Device.Cpu, cancellation.Token)
        );
        await Until.HoldsAsync(() =>
            !_folder.Unfinished().Any(file => !file.EndsWith(".lock", StringComparison.Ordinal))
        );
    }

    private async Task<ClaimException> FailureAsync(
        JobClaims claims,
        double patience = 20,
        double idle = 10,
        string folder = "cache"
    )
    {
        using var cache = _folder.Cache(folder: folder, patience: patience, idle: idle);
        return await Assert.ThrowsAsync<ClaimException>(() => ClaimTestFolder.ReadAsync(cache, "mlp", 1, claims));
    }

    private double[] Parameters()
    {
        using var checkpoint = _run.Read(1);
        return checkpoint.ParametersToArray();
    }
}
