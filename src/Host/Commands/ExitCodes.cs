namespace CurvatureMonitor.Host.Commands;

/// <summary>What the program's exit codes mean.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    internal const int Done = 0;

    /// <summary>The measurement, or the training, failed.</summary>
    internal const int Failed = 1;

    /// <summary>Bad arguments or bad input; one line on standard error says what and how to mend it.</summary>
    internal const int BadInput = 2;

    /// <summary>A bug of this program; its trace is on standard error (EX_SOFTWARE of sysexits.h).</summary>
    internal const int Bug = 70;
}
