using System.Globalization;
using System.Runtime.InteropServices;

namespace CurvatureMonitor.Host.Isolation;

/// <summary>How a process ended.</summary>
/// <param name="Code">Its exit code as .NET has it: where a signal ended it, 128 and the signal's number.</param>
internal readonly record struct ProcessEnd(int Code)
{
    private const int FirstSignal = 128;

    private static readonly Dictionary<int, string> Names = new()
    {
        [1] = "SIGHUP",
        [2] = "SIGINT",
        [3] = "SIGQUIT",
        [4] = "SIGILL",
        [5] = "SIGTRAP",
        [6] = "SIGABRT",
        [7] = "SIGBUS",
        [8] = "SIGFPE",
        [9] = "SIGKILL",
        [11] = "SIGSEGV",
        [15] = "SIGTERM",
        [24] = "SIGXCPU",
    };

    /// <summary>Whether it did not end by itself.</summary>
    internal bool IsCrash => OperatingSystem.IsWindows() ? Code < 0 : Code > FirstSignal;

    /// <summary>Whether the kernel or a person killed it, which no process can prepare for.</summary>
    internal bool IsKill => !OperatingSystem.IsWindows() && Code == FirstSignal + 9;

    /// <summary>In words: <c>was ended by signal 6 (SIGABRT)</c>, <c>ended with exit code 3</c>.</summary>
    public override string ToString()
    {
        int signal = Code - FirstSignal;
        return !IsCrash ? string.Create(CultureInfo.InvariantCulture, $"ended with exit code {Code}")
            : OperatingSystem.IsWindows() ? string.Create(CultureInfo.InvariantCulture, $"ended with 0x{Code:X8}")
            : Names.TryGetValue(signal, out string? name)
            && RuntimeInformation.IsOSPlatform(OSPlatform.Linux)
                ? string.Create(CultureInfo.InvariantCulture, $"was ended by signal {signal} ({name})")
            : string.Create(CultureInfo.InvariantCulture, $"was ended by signal {signal}");
    }
}
