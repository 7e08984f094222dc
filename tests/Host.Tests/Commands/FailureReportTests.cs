using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Curvature;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Host.Commands;

namespace CurvatureMonitor.Host.Tests.Commands;

public sealed class FailureReportTests
{
    public static TheoryData<Exception, int> OneLiners =>
        new()
        {
            { new UserErrorException("--port 1: taken", "choose another\nport"), 2 },
            { new DerivativeException(DerivativeErrorKind.DeviceUnavailable, "there is no cuda:7"), 2 },
            { new DerivativeException(DerivativeErrorKind.OutOfMemory, "memory is used up"), 1 },
            { new CurvatureException("the spectrum is not finite"), 1 },
        };

    [Theory]
    [MemberData(nameof(OneLiners))]
    public async Task What_is_no_bug_is_one_line_without_a_trace(Exception failure, int expected)
    {
        using var errors = new StringWriter();
        Assert.Equal(expected, await new FailureReport(errors).RunAsync(() => Fail(failure)));
        Assert.Equal(
            $"curvature: {failure.Message.ReplaceLineEndings(" ")}{Environment.NewLine}",
            errors.ToString(),
            StringComparer.Ordinal
        );
    }

    public static TheoryData<Exception> Bugs =>
        new()
        {
            new InvalidOperationException("Sequence contains no elements"),
            new ArgumentNullException("something"),
            new OverflowException(),
        };

    [Theory]
    [MemberData(nameof(Bugs))]
    public async Task A_bug_ends_with_70_and_its_trace(Exception bug)
    {
        using var errors = new StringWriter();
        Assert.Equal(70, await new FailureReport(errors).RunAsync(() => Fail(bug)));
        Assert.Contains(bug.GetType().FullName!, errors.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            $"   at {typeof(FailureReportTests).FullName}.{nameof(Fail)}",
            errors.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_was_cancelled_says_nothing()
    {
        using var errors = new StringWriter();
        Assert.Equal(1, await new FailureReport(errors).RunAsync(() => Fail(new TaskCanceledException())));
        Assert.Empty(errors.ToString());
    }

    [Fact]
    public async Task The_code_of_a_command_that_does_not_fail_is_its_own()
    {
        using var errors = new StringWriter();
        Assert.Equal(5, await new FailureReport(errors).RunAsync(() => Task.FromResult(5)));
        Assert.Empty(errors.ToString());
    }

    private static Task<int> Fail(Exception failure) => throw failure;
}
