using System.Globalization;
using CurvatureMonitor.Host.Isolation;

namespace CurvatureMonitor.Host.Commands;

/// <summary>Turns the end of a measuring process into an exit code, and into a line where it has said none.</summary>
/// <param name="limits">What it could use.</param>
/// <param name="errors">Standard error.</param>
internal sealed class MeasuringReport(MeasuringLimits limits, TextWriter errors)
{
    /// <summary>What to do where memory is short.</summary>
    internal const string MemoryRemedy = "raise --memory-limit, or lower micro_batch in run.json";

    /// <summary>The exit code (<see cref="ExitCodes"/>).</summary>
    internal int CodeOf(MeasuringEnd measuring)
    {
        if (measuring.IsLate)
        {
            string seconds = limits.Deadline!.Value.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
            Say(measuring, $"took longer than {seconds} s", "raise --deadline, or ask for less");
            return ExitCodes.Failed;
        }

        if (!measuring.End.IsCrash)
        {
            // What libraries said on the way.
            errors.Write(measuring.Errors);
            return measuring.End.Code;
        }

        if (measuring.IsCancelled)
        {
            return ExitCodes.Failed;
        }

        if (measuring.Errors.IsOwnBug)
        {
            errors.Write(measuring.Errors);
            errors.WriteLine("curvature: this is a bug of CurvatureMonitor, please report it");
            return ExitCodes.Bug;
        }

        if (measuring.Errors.SpeaksOfMemory)
        {
            Say(
                measuring,
                limits.MemoryBytes is { } bytes
                    ? string.Create(CultureInfo.InvariantCulture, $"used up its memory of {bytes / 1_000_000} MB")
                    : "used up the memory",
                MemoryRemedy
            );
        }
        else if (measuring.End.IsKill)
        {
            Say(
                measuring,
                $"{measuring.End} from outside, as the kernel does when memory is short",
                "give it a --memory-limit, or a machine of its own"
            );
        }
        else
        {
            string reason = measuring.Errors.Reason is { } text ? $" ({text})" : string.Empty;
            Say(
                measuring,
                $"{measuring.End}{reason}",
                "the model does there what libtorch cannot survive: change it, or choose another checkpoint"
            );
        }

        return ExitCodes.Failed;
    }

    private void Say(MeasuringEnd measuring, string problem, string remedy) =>
        errors.WriteLine(
            $"curvature: the process that measured {problem} while {measuring.Doing}; no result was made; {remedy}"
        );
}
