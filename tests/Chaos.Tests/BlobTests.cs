using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using CurvatureMonitor.Actors.Tests.Cluster.Support;
using CurvatureMonitor.Chaos.Tests.Support;
using CurvatureMonitor.Host.Tests.Commands;
using CurvatureMonitor.Metrics.Tests.Support;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Chaos.Tests;

/// <summary>
/// The files that a host lends to workers: while a job names them, to whoever has the token, and through a restart.
/// </summary>
public sealed class BlobTests : IDisposable
{
    private const string Token = "open-sesame";

    private readonly string _folder = Directory.CreateTempSubdirectory("blobs-test-").FullName;
    private readonly int _port = FreePort.Find();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Files_of_a_job_that_waits_are_there_for_who_has_the_token_and_stay_through_sweeps_and_restarts()
    {
        using (var authority = new TestAuthority())
        {
            authority.Write(Path.Combine(_folder, "credentials"));
        }

        await File.WriteAllTextAsync(Path.Combine(_folder, "token"), Token);
        using var client = new HttpClient
        {
            BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/")),
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        var trainer = new SendingTrainer(
            SmallModel.Write(Path.Combine(_folder, "sent"), "sent"),
            TimeSpan.FromMilliseconds(50),
            client
        );
        JobClaims claims;
        using (var host = await ServeAsync())
        {
            // Nobody measures: the latest waits, the others are superseded and swept away.
            trainer.Start();
            await Until.HoldsAsync("many were sent", () => trainer.Emitted.Count >= 30);
            await trainer.FinishAsync();
            claims = ClaimsOf(trainer.Emitted[^1]);
            await AnswersAsync(client, claims);
            await Until.HoldsAsync("what is not needed is removed", () => Kept().Count() <= 2);
            Assert.Contains(claims.Checkpoint[0].Name, Kept());
            await host.KillAsync();
        }

        using var again = await ServeAsync();
        await AnswersAsync(client, claims);
        await again.InterruptAsync();
        Assert.Equal(0, await again.ExitCodeAsync());

        IEnumerable<string> Kept() =>
            Directory
                .EnumerateFiles(Path.Combine(_folder, "data", "bundles", "sent", "checkpoints"), "*.safetensors")
                .Select(file => "checkpoints/" + Path.GetFileName(file));
    }

    private static async Task AnswersAsync(HttpClient client, JobClaims claims)
    {
        foreach (var claim in claims.Run.Concat(claims.Checkpoint))
        {
            var address = new Uri(claims.Source, claim.Sha256);
            using var whole = await client.GetAsync(address);
            byte[] content = await whole.Content.ReadAsByteArrayAsync();
            Assert.Equal(
                (HttpStatusCode.OK, claim.Bytes, claim.Sha256),
                (whole.StatusCode, content.LongLength, Convert.ToHexStringLower(SHA256.HashData(content)))
            );
            Assert.Equal($"\"{claim.Sha256}\"", whole.Headers.ETag!.Tag);
            Assert.Contains("immutable", whole.Headers.CacheControl!.ToString(), StringComparison.Ordinal);

            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Range = new RangeHeaderValue(claim.Bytes / 2, null);
            using var rest = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.PartialContent, rest.StatusCode);
            Assert.Equal(content[(int)(claim.Bytes / 2)..], await rest.Content.ReadAsByteArrayAsync());

            using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, address));
            Assert.Equal(claim.Bytes, head.Content.Headers.ContentLength);
        }

        foreach (string other in new[] { new string('0', 64), "nothing", "..%2F..%2Fserve.lock" })
        {
            using var unknown = await client.GetAsync(new Uri(claims.Source, other));
            Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        }

        using var stranger = new HttpClient();
        using var refused = await stranger.GetAsync(new Uri(claims.Source, claims.Run[0].Sha256));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
    }

    /// <summary>What a worker is told of a checkpoint, whose files are what the trainer wrote.</summary>
    private JobClaims ClaimsOf(long step)
    {
        var bundle = Storage.Bundles.RunBundle.Open(Path.Combine(_folder, "data", "bundles", "sent"));
        return new JobClaims(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/api/blobs/")),
            [.. bundle.Files.Select(file => FileHash.Claim(bundle.Directory, file))],
            [.. bundle.CheckpointFiles(step).Select(file => FileHash.Claim(bundle.Directory, file))]
        );
    }

    private async Task<HostProcess> ServeAsync()
    {
        var host = HostProcess.Start(
            "serve",
            "--workers",
            "0",
            "--listen",
            string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort.Find()}"),
            "--credentials",
            Path.Combine(_folder, "credentials"),
            "--data-dir",
            Path.Combine(_folder, "data"),
            "--port",
            _port.ToString(CultureInfo.InvariantCulture),
            "--token-file",
            Path.Combine(_folder, "token"),
            "--keep",
            "1",
            "--analyses",
            "spectrum",
            "--poll",
            "0.1",
            "--threads",
            "1"
        );
        await host.AddressAsync();
        return host;
    }
}
