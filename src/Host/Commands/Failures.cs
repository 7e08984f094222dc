using CurvatureMonitor.Curvature;
using CurvatureMonitor.Host.Http;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Torch;
using CurvatureMonitor.Training;
using CurvatureMonitor.Training.Data;

namespace CurvatureMonitor.Host.Commands;

/// <summary>
/// Turns what can go wrong into one line on standard error and an exit code; a person never sees a stack trace for a
/// mistake of theirs.
/// </summary>
internal static class Failures
{
    internal static async Task<int> ReportAsync(Func<Task<int>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsBadInput(exception))
        {
            return Report(exception, ExitCodes.BadInput);
        }
        catch (Exception exception) when (exception is TorchException or CurvatureException)
        {
            return Report(exception, ExitCodes.Failed);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Failed;
        }
    }

    private static bool IsBadInput(Exception exception) =>
        exception
            is TrainingConfigurationException
                or BundleException
                or DatasetException
                or MonitorServerException
                or ArgumentException
                or OverflowException
                or TorchException { Kind: TorchErrorKind.InvalidArgument or TorchErrorKind.DeviceUnavailable };

    private static int Report(Exception exception, int code)
    {
        Console.Error.WriteLine($"curvature: {exception.Message.ReplaceLineEndings(" ")}");
        return code;
    }
}
