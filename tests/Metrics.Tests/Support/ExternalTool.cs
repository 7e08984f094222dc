using System.Diagnostics;

namespace CurvatureMonitor.Metrics.Tests.Support;

internal static class ExternalTool
{
    /// <summary>Starts a program of the Debian package prometheus; a test that needs it fails, and is not skipped, where it is missing.</summary>
    public static Process Start(string program, params string[] arguments)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(info)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException($"'{program}' cannot be started ({e.Message}); it is in the Debian package: apt-get install prometheus", e);
        }
    }
}
