using System.Net;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Host.Cluster;
using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Intake.Http;
using CurvatureMonitor.Intake.Runs;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Intake.Tests;

/// <summary>What is nobody's mistake but the program's, and what is neither.</summary>
public sealed class BugTests : IDisposable
{
    /// <summary>A server that runs into an <see cref="ArgumentNullException"/> at every bundle.</summary>
    private static readonly IntakeOptions Broken = new() { Analyses = null! };

    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _errors = new();

    public void Dispose()
    {
        _folder.Dispose();
        _errors.Dispose();
    }

    [Fact]
    public async Task A_bug_is_500_its_trace_is_logged_and_the_answer_tells_nothing_of_it()
    {
        using var logs = Logs();
        await using var served = await ServedIntake.StartAsync(_folder["data"], Broken, null, [], logs);
        using var response = await new TinyTrainer(served.Client, _folder["sent"], "mlp", 1).RegisterAsync();
        string answer = await response.Content.ReadAsStringAsync();
        Assert.True(HttpStatusCode.InternalServerError == response.StatusCode, answer);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain(nameof(ArgumentNullException), answer, StringComparison.Ordinal);
        Assert.DoesNotContain("detail", answer, StringComparison.Ordinal);
        AssertTraceIsLogged();
        Assert.Equal("ok", await served.Client.GetStringAsync("/healthz"));
    }

    [Fact]
    public async Task A_bug_at_a_watched_folder_is_logged_once_with_its_trace_and_the_server_goes_on()
    {
        TinyBundle.Write(_folder["watched"], TinyBundle.Linear, "mlp", 1);
        using var logs = Logs();
        await using var served = await ServedIntake.StartAsync(
            _folder["data"],
            Broken,
            null,
            [_folder["watched"]],
            logs
        );
        await Until.HoldsAsync("the bug is logged", () => Errors.Contains("   at ", StringComparison.Ordinal));
        AssertTraceIsLogged();
        Assert.Empty(served.Notices);
        Assert.Equal("ok", await served.Client.GetStringAsync("/healthz"));
    }

    [Fact]
    public async Task Only_a_server_that_is_stopping_says_so()
    {
        await using var served = await ServedIntake.StartAsync(_folder["data"]);
        await served.StopAsync();
        using var response = await new TinyTrainer(served.Client, _folder["sent"], "mlp", 1).RegisterAsync();
        await Problems.AssertAsync(response, HttpStatusCode.ServiceUnavailable, "the server is stopping");
    }

    [Theory]
    [InlineData(DerivativeErrorKind.OutOfMemory, 503)]
    [InlineData(DerivativeErrorKind.UnsupportedOperation, 422)]
    [InlineData(DerivativeErrorKind.InvalidArgument, 422)]
    public void A_failure_that_is_known_has_its_status(DerivativeErrorKind kind, int expected) =>
        Assert.Equal(expected, FailureAnswers.Of(new DerivativeException(kind, "it is so"), text => text)?.Status);

    [Fact]
    public void A_bug_has_no_answer_of_its_own() =>
        Assert.Null(FailureAnswers.Of(new InvalidOperationException(), text => text));

    private string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    private ILoggerFactory Logs() =>
        ConsoleLogs.Create(LogLevel.Error, LogLevel.Error, TextWriter.Synchronized(_errors));

    private void AssertTraceIsLogged()
    {
        Assert.Contains(nameof(ArgumentNullException), Errors, StringComparison.Ordinal);
        Assert.Contains($"{typeof(IntakeOptions).FullName}.RequestFor", Errors, StringComparison.Ordinal);
    }
}
