using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using CurvatureMonitor.Chaos.Tests.Support;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Tests.Support;
using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Contracts.Analyses;
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
        await using var broker = await RabbitMqServer.StartAsync();
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
        using (var host = await ServeAsync(broker))
        {
            // Nobody measures: the latest waits, the others are superseded and swept away.
            trainer.Start();
            await Until.HoldsAsync("many were sent", () => trainer.Emitted.Count >= 30);
            await trainer.FinishAsync();
            claims = await ClaimsOfAsync(broker, trainer.Emitted[^1]);
            await AnswersAsync(client, claims);
            await Until.HoldsAsync("what is not needed is removed", () => Kept().Count() <= 2);
            Assert.Contains(claims.Checkpoint[0].Name, Kept());
            await host.KillAsync();
        }

        using var again = await ServeAsync(broker);
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

    /// <summary>What a worker would find in the run's slot, left there.</summary>
    private async Task<JobClaims> ClaimsOfAsync(RabbitMqServer broker, long step)
    {
        string instance = (await File.ReadAllTextAsync(Path.Combine(_folder, "data", "cluster", "instance"))).Trim();
        string slot = new BrokerNames().Slot(instance, "sent", AnalysisKind.Spectrum, 0);
        JobMessage? job = null;
        for (long started = Environment.TickCount64; job?.Id.Step != step; await Task.Delay(200))
        {
            Assert.True(
                Environment.TickCount64 - started < Until.Patience.TotalMilliseconds,
                $"the slot does not come to hold step {step}"
            );

            // The session ends with the message unacknowledged: it goes back. Few enough times that it does not count
            // as poison.
            await using var session = await BrokerSession.OpenAsync(
                BrokerAddress.Parse(broker.UrlWithCredentials),
                "test",
                (_, _) => { },
                (_, _) => { },
                CancellationToken.None
            );
            if (
                await session.InspectAsync(slot, CancellationToken.None) is { Ready: 1 }
                && await session.GetAsync(slot, CancellationToken.None) is { } delivery
            )
            {
                job = WireJson.Read<JobMessage>(delivery.Body);
            }
        }

        return job!.Claims;
    }

    private async Task<HostProcess> ServeAsync(RabbitMqServer broker)
    {
        var host = HostProcess.Start(
            "serve",
            "--broker",
            broker.UrlWithCredentials,
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
