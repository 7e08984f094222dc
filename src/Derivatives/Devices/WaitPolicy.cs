using System.Runtime.InteropServices;

namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>
/// How threads of libtorch wait for each other: asleep, where the environment says nothing else. By default they spin,
/// and take the cores from other threads and programs: with both cores busy elsewhere a product took three times as
/// much processor time. OpenMP reads it as libtorch is loaded, so it must be set before.
/// </summary>
internal static partial class WaitPolicy
{
    private const string Name = "OMP_WAIT_POLICY";

    /// <summary>Sets it for libraries that this process loads from now on.</summary>
    internal static void PreferSleep() => Prefer(Name, "PASSIVE");

    /// <summary>
    /// Sets a variable of the C library's environment unless it is set: that of .NET is a copy which native code does
    /// not see. On Windows nothing.
    /// </summary>
    internal static void Prefer(string name, string value)
    {
        if (!OperatingSystem.IsWindows() && Get(name) == 0)
        {
            _ = Set(name, value, overwrite: 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Get(string name);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Set(string name, string value, int overwrite);
}
