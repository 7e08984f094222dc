using System.Security.Cryptography;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Storage;

namespace CurvatureMonitor.Actors.Tests.Cluster.Claims;

public sealed class ClaimSourceTests : IDisposable
{
    private static readonly Uri Blobs = new("http://host.example:9464/api/blobs");

    private readonly ClaimTestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_job_names_the_files_of_its_run_and_checkpoint_by_their_content()
    {
        using var run = new ClaimedRun(_folder["bundle"], "mlp", 1, 2);
        var source = _folder.Source(Blobs);
        var claims = run.Claim(source, 2);
        Assert.Equal("http://host.example:9464/api/blobs/", claims.Source.AbsoluteUri);
        Assert.Equal(["model.pt", "probe.safetensors", "run.json"], claims.Run.Select(claim => claim.Name).Order());
        Assert.Equal(
            ["checkpoints/step-00000002.json", "checkpoints/step-00000002.safetensors"],
            claims.Checkpoint.Select(claim => claim.Name).Order()
        );
        Assert.All(claims.Run.Concat(claims.Checkpoint), claim =>
        {
            byte[] content = File.ReadAllBytes(Path.Combine(run.Bundle.Directory, claim.Name));
            Assert.Equal(
                (content.Length, Convert.ToHexStringLower(SHA256.HashData(content))),
                (claim.Bytes, claim.Sha256)
            );
            Assert.Equal(content, File.ReadAllBytes(source.PathOf(claim.Sha256)!));
        });
    }

    [Fact]
    public void Files_may_be_fetched_until_the_last_job_of_their_checkpoint_is_answered()
    {
        using var run = new ClaimedRun(_folder["bundle"], "mlp", 1, 2);
        var source = _folder.Source(Blobs);
        var spectrum = run.Claim(source, 1);
        var trace = run.Claim(source, 1, AnalysisKind.Trace);
        Assert.Equal(spectrum.Checkpoint, trace.Checkpoint);
        source.Release(new JobId("mlp", 1, AnalysisKind.Spectrum));
        source.Release(new JobId("mlp", 1, AnalysisKind.Spectrum));
        source.Release(new JobId("unknown", 1, AnalysisKind.Spectrum));
        Assert.True(source.IsInUse("mlp", 1));
        source.Release(new JobId("mlp", 1, AnalysisKind.Trace));
        Assert.False(source.IsInUse("mlp", 1));
        Assert.All(spectrum.Checkpoint, claim => Assert.Null(source.PathOf(claim.Sha256)));
        Assert.All(spectrum.Run, claim => Assert.NotNull(source.PathOf(claim.Sha256)));
        run.Claim(source, 2);
        source.Forget("mlp");
        Assert.False(source.IsInUse("mlp", 2));
        Assert.All(spectrum.Run, claim => Assert.Null(source.PathOf(claim.Sha256)));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder["host"], "blobs")));
    }

    [Fact]
    public void A_host_that_was_restarted_still_has_the_files_of_jobs_that_are_open()
    {
        using var run = new ClaimedRun(_folder["bundle"], "mlp", 1, 2);
        var before = _folder.Source(Blobs);
        var claims = run.Claim(before, 1);
        run.Claim(before, 2);
        run.Bundle.RemoveCheckpoint(2);
        var after = _folder.Source(Blobs);
        Assert.All(claims.Run.Concat(claims.Checkpoint), claim => Assert.NotNull(after.PathOf(claim.Sha256)));
        Assert.True(after.IsInUse("mlp", 1));
        Assert.False(after.IsInUse("mlp", 2));
        Assert.Equal(claims.Checkpoint, run.Claim(after, 1).Checkpoint);
        after.Release(new JobId("mlp", 1, AnalysisKind.Spectrum));
        Assert.False(after.IsInUse("mlp", 1));
    }

    [Fact]
    public void Two_runs_with_the_same_files_do_not_take_them_from_each_other()
    {
        using var first = new ClaimedRun(_folder["a"], "same", 1);
        using var second = new ClaimedRun(_folder["b"], "other", 1);
        var source = _folder.Source(Blobs);
        var claims = first.Claim(source, 1);
        var others = second.Claim(source, 1);
        string probe = claims.Run.Single(claim => claim.Name == "probe.safetensors").Sha256;
        Assert.Contains(others.Run, claim => claim.Sha256 == probe);
        source.Forget("same");
        Assert.StartsWith(_folder["b"], source.PathOf(probe)!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_checkpoint_that_is_in_memory_alone_is_written_for_its_jobs_and_removed_after_them(bool shared)
    {
        using var run = new ClaimedRun(_folder["shared/bundle"], "mlp", 1);
        var job = new JobId("mlp", 1, AnalysisKind.Spectrum);
        using var checkpoint = run.Read(1);
        run.Resources.Keep(checkpoint.Retain());
        run.Bundle.RemoveCheckpoint(1);
        await using var host = await BlobHost.StartAsync();
        var source = _folder.Source(host.Blobs, shared ? _folder["shared"] : null);
        host.PathOf = source.PathOf;
        var claims = source.Claim(job, run.Resources);
        Assert.Equal(shared, claims.Source.IsFile);
        using var cache = _folder.Cache();
        Assert.Equal(checkpoint.ParametersToArray(), await ClaimTestFolder.ReadAsync(cache, "mlp", 1, claims));
        Assert.Equal(shared ? 0 : 5, host.Asked.Count);
        source.Release(job);
        Assert.All(claims.Checkpoint, claim => Assert.Null(source.PathOf(claim.Sha256)));
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder.Root, "step-*", SearchOption.AllDirectories), file =>
            file.Contains("spool", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_bundle_in_the_shared_folder_is_read_there()
    {
        using var run = new ClaimedRun(_folder["shared/a b/bundle"], "mlp", 3);
        var source = _folder.Source(blobs: null, _folder["shared"]);
        var claims = run.Claim(source, 3);
        Assert.True(claims.Source.IsFile);
        using var cache = _folder.Cache();
        using var expected = run.Read(3);
        Assert.Equal(expected.ParametersToArray(), await ClaimTestFolder.ReadAsync(cache, "mlp", 3, claims));
    }

    [Fact]
    public void What_workers_cannot_reach_is_said_in_a_line()
    {
        using var run = new ClaimedRun(_folder["elsewhere"], "mlp", 1);
        Assert.Throws<UserErrorException>(() => _folder.Source(blobs: null));
        Directory.CreateDirectory(_folder["shared"]);
        var source = _folder.Source(blobs: null, _folder["shared"]);
        Assert.Contains(
            "is not in the folder",
            Assert.Throws<BundleException>(() => run.Claim(source, 1)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void No_text_that_is_no_hash_leads_to_a_file()
    {
        var source = _folder.Source(Blobs);
        foreach (
            string text in new[]
            {
                "",
                "..",
                "../blobs",
                new string('A', 64),
                new string('.', 64),
                "/etc/passwd",
                new string('a', 63),
            }
        )
        {
            Assert.Null(source.PathOf(text));
        }
    }
}
