using CurvatureMonitor.Actors.Failures;

namespace CurvatureMonitor.Host.Commands;

/// <summary>
/// Turns a failure of a command into an exit code: one line on standard error for what a person can fix and for a
/// measurement that failed, the whole trace for a bug.
/// </summary>
/// <param name="errors">Standard error.</param>
internal sealed class FailureReport(TextWriter errors)
{
    /// <summary>What lines on standard error begin with.</summary>
    internal const string Prefix = "curvature: ";

    private const int LongestMessage = 300;
    private const int KeptAtBeginning = 197;
    private const int KeptAtEnd = 100;

    /// <summary>Runs a command.</summary>
    /// <param name="command">Returns the exit code, where it does not fail.</param>
    /// <returns>The exit code (<see cref="ExitCodes"/>).</returns>
    internal async Task<int> RunAsync(Func<Task<int>> command)
    {
        try
        {
            return await command().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            return CodeOf(failure);
        }
    }

    private int CodeOf(Exception failure)
    {
        switch (FailureClassifier.Classify(failure))
        {
            case FailureKind.UserError:
                WriteLine(failure);
                return ExitCodes.BadInput;
            case FailureKind.Measurement or FailureKind.Stopping:
                WriteLine(failure);
                return ExitCodes.Failed;
            case FailureKind.Cancelled:
                return ExitCodes.Failed;
            default:
                errors.WriteLine($"curvature: this is a bug of CurvatureMonitor, please report it: {failure}");
                return ExitCodes.Bug;
        }
    }

    // What is wrong stands at the beginning, what to do about it at the end.
    private static string Shortened(string line) =>
        line.Length <= LongestMessage ? line : $"{line[..KeptAtBeginning]} … {line[^KeptAtEnd..]}";

    private void WriteLine(Exception failure) =>
        errors.WriteLine(Shortened(Prefix + failure.Message.ReplaceLineEndings(" ")));
}
