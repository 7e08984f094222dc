using System.ComponentModel;
using System.Diagnostics;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Host.Isolation;

/// <summary>Starts this program once more, as it was started.</summary>
internal static class ProgramStart
{
    /// <summary>The arguments that this process was started with.</summary>
    internal static IReadOnlyList<string> Arguments => [.. Environment.GetCommandLineArgs().Skip(1)];

    /// <summary>How to start it.</summary>
    internal static ProcessStartInfo With(IEnumerable<string> arguments)
    {
        // Under `dotnet X.dll` the first argument is the program, which the runtime's own path is not.
        string runtime = Environment.ProcessPath
            ?? throw new InvalidOperationException("the program does not know its own path");
        bool isHosted = Path.GetFileNameWithoutExtension(runtime) == "dotnet";
        string[] program = isHosted ? [Path.GetFullPath(Environment.GetCommandLineArgs()[0])] : [];
        return new ProcessStartInfo(runtime, [.. program, .. arguments]);
    }

    /// <summary>Starts it.</summary>
    /// <exception cref="UserErrorException">The machine has no room for another process.</exception>
    internal static Process Start(ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception exception)
        {
            throw new UserErrorException(
                $"another process of this program cannot be started ({exception.Message})",
                "look at the limits on processes and memory here",
                exception
            );
        }
    }
}
