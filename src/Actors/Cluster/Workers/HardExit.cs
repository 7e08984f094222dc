using System.Runtime.InteropServices;

namespace CurvatureMonitor.Actors.Cluster.Workers;

/// <summary>Ends the process without asking any actor: an orderly exit waits for what hangs.</summary>
internal static partial class HardExit
{
    /// <summary>Ends the process with a code.</summary>
    public static void Now(int code)
    {
        Console.Error.Flush();
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
        {
            Exit(code);
        }

        Environment.Exit(code);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void Exit(int code);
}
