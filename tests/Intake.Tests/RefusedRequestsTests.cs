using System.Buffers.Binary;
using System.Net;
using System.Text;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Intake.Runs;
using FsCheck;
using FsCheck.Fluent;
using static CurvatureMonitor.Intake.Tests.MalformedUploads;

namespace CurvatureMonitor.Intake.Tests;

/// <summary>
/// Requests that are wrong in every way that came to mind, and in random ones: each gets its problem in one line,
/// leaves nothing behind, and the run goes on.
/// </summary>
public sealed class RefusedRequestsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_malformed_bundle_is_refused_for_what_is_wrong_with_it_and_leaves_nothing_behind()
    {
        await using var served = await ServedIntake.StartAsync(
            _folder["data"],
            new IntakeOptions { MaximumUpload = 100_000 }
        );
        var trainer = new TinyTrainer(served.Client, _folder["sent"], "mlp", 1);
        int count = 0;
        foreach (var (mistake, parts, status, fragment) in Bundles(trainer))
        {
            using var response = await trainer.RegisterAsync(parts);
            Assert.True(
                status == response.StatusCode,
                $"{mistake}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}"
            );
            await Problems.AssertAsync(response, status, fragment);
            Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["data/staging"]));
            Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["data/bundles"]));
            count++;
        }

        Assert.InRange(count, 30, 100);
        using var good = await trainer.RegisterAsync();
        Assert.Equal(HttpStatusCode.Created, good.StatusCode);
    }

    [Fact]
    public async Task Every_malformed_checkpoint_is_refused_and_the_run_goes_on_with_the_next()
    {
        await using var served = await ServedIntake.StartAsync(_folder["data"]);
        var trainer = new TinyTrainer(served.Client, _folder["sent"], "mlp", 1, 2);
        using (await trainer.RegisterAsync())
        {
            int count = 0;
            foreach (var (mistake, step, tensors, header, status, fragment) in MalformedUploads.Checkpoints(trainer))
            {
                using var response = await trainer.SendAsync(step, tensors, header);
                Assert.True(
                    status == response.StatusCode,
                    $"{mistake}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}"
                );
                await Problems.AssertAsync(response, status, fragment);
                Assert.False(
                    Directory.Exists(_folder["data/bundles/mlp/checkpoints"])
                        && Directory.EnumerateFiles(_folder["data/bundles/mlp/checkpoints"]).Any(),
                    mistake
                );
                count++;
            }

            Assert.InRange(count, 25, 100);
        }

        using var sent = await trainer.SendAsync(2);
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        await served.Events.FirstAsync<CheckpointMeasured>("mlp", e => e.Step == 2);
    }

    [Fact]
    public async Task Numbers_that_are_not_finite_fail_their_checkpoint_alone_with_the_tensor_and_the_remedy()
    {
        await using var served = await ServedIntake.StartAsync(_folder["data"]);
        var trainer = new TinyTrainer(served.Client, _folder["sent"], "mlp", 1, 2);
        byte[] broken = trainer.Tensors(1);
        BinaryPrimitives.WriteDoubleLittleEndian(broken.AsSpan(broken.Length - 8), double.NaN);
        using (await trainer.RegisterAsync())
        using (var sent = await trainer.SendAsync(1, broken))
        {
            Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        }

        var failed = await served.Events.FirstAsync<AnalysisFailed>("mlp");
        Assert.Contains("step-00000001.safetensors: 'fc_", failed.Message, StringComparison.Ordinal);
        Assert.Contains("holds NaN or an infinity; lower the learning rate", failed.Message, StringComparison.Ordinal);
        using (await trainer.SendAsync(2))
        {
            await served.Events.FirstAsync<CheckpointMeasured>("mlp", e => e.Step == 2);
        }

        using (await trainer.FinishAsync())
        {
            var summary = (await served.Events.FirstAsync<RunEnded>("mlp")).Summary;
            Assert.Equal((2L, 1L, 1L), (summary.Emitted, summary.Measured, summary.Failed));
        }
    }

    [Theory]
    [InlineData("..")]
    [InlineData("%2e%2e")]
    [InlineData("..%2f..%2fetc")]
    [InlineData(".hidden")]
    [InlineData("-x")]
    [InlineData("a%20b")]
    [InlineData("a%00b")]
    [InlineData("a%0Ab")]
    [InlineData("%C3%A9")]
    [InlineData("a%5Cb")]
    [InlineData("C%3A")]
    public async Task A_name_that_is_none_reaches_no_folder(string name)
    {
        await using var served = await ServedIntake.StartAsync(_folder["data"]);
        foreach (string path in new[] { $"/api/runs/{name}", $"/api/runs/{name}/checkpoints/1" })
        {
            string answer = await RawAsync(
                served.Client.BaseAddress!,
                $"PUT {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            Assert.Matches("^HTTP/1.1 (400|404|405) ", answer);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["data/bundles"]));
        Assert.Equal(
            ["bundles", "history", "serve.lock", "staging"],
            Directory.EnumerateFileSystemEntries(_folder["data"]).Select(Path.GetFileName).Order()
        );
    }

    [Fact]
    public async Task Requests_that_break_off_leave_nothing_behind()
    {
        await using var served = await ServedIntake.StartAsync(_folder["data"]);
        var trainer = new TinyTrainer(served.Client, _folder["sent"], "mlp", 1);
        using (await trainer.RegisterAsync())
        {
            await RawAsync(
                served.Client.BaseAddress!,
                "PUT /api/runs/mlp/checkpoints/1 HTTP/1.1\r\nHost: x\r\nX-Checkpoint: {\"step\":1}\r\nContent-Length: "
                    + "300\r\n\r\nabc",
                abort: true
            );
            await RawAsync(
                served.Client.BaseAddress!,
                "PUT /api/runs/other HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; "
                    + "boundary=b\r\nContent-Length: 300\r\n\r\n--b\r\n",
                abort: true
            );
        }

        await Until.HoldsAsync(() =>
            !Directory.EnumerateFiles(_folder["data"], "*.unfinished", SearchOption.AllDirectories).Any()
        );
        await Until.HoldsAsync(() => !Directory.EnumerateFileSystemEntries(_folder["data/staging"]).Any());
        using var sent = await trainer.SendAsync(1);
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
    }

    [Fact]
    public async Task Whatever_bytes_are_sent_the_answer_is_a_problem_or_an_acceptance_and_the_server_goes_on()
    {
        await using var served = await ServedIntake.StartAsync(_folder["data"]);
        var trainer = new TinyTrainer(served.Client, _folder["sent"], "mlp", 1);
        using (await trainer.RegisterAsync())
        {
            byte[] tensors = trainer.Tensors(1);
            var damage = Gen.Choose(0, tensors.Length - 1)
                .SelectMany(at =>
                    Gen.Choose(0, 255).SelectMany(value => Gen.Choose(0, 2).Select(kind => (at, (byte)value, kind)))
                );
            long step = 100;
            Prop.ForAll(damage.ToArbitrary(), change =>
                {
                    byte[] sent = change.kind switch
                    {
                        0 => tensors[..change.at],
                        1 => [.. tensors[..change.at], change.Item2, .. tensors[change.at..]],
                        _ => [.. tensors],
                    };
                    if (change.kind == 2)
                    {
                        sent[change.at] = change.Item2;
                    }

                    using var response = trainer.SendAsync(step++, sent).GetAwaiter().GetResult();
                    return response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.UnprocessableEntity;
                })
                .Check(Config.QuickThrowOnFailure.WithMaxTest(150));
        }

        Assert.Equal("ok", await served.Client.GetStringAsync("/healthz"));
        using var finished = await trainer.FinishAsync();
        var summary = (await served.Events.FirstAsync<RunEnded>("mlp")).Summary;
        Assert.Equal(summary.Emitted, summary.Measured + summary.Failed + summary.Dropped.Values.Sum());
    }

    // HttpClient mends addresses before it sends them; a socket does not.
    private static async Task<string> RawAsync(Uri address, string request, bool abort = false)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        if (abort)
        {
            await Task.Delay(100);
            client.LingerState = new System.Net.Sockets.LingerOption(true, 0);
            return string.Empty;
        }

        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync().WaitAsync(Until.Patience);
    }
}
