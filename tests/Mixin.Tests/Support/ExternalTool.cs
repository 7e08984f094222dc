using System.ComponentModel;
using System.Diagnostics;

namespace CurvatureMonitor.Mixin.Tests.Support;

internal static class ExternalTool
{
    /// <summary>Runs a program of Debian's to its end; a test that needs it fails, and is not skipped, where it is missing.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(info)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, await output + await error);
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"'{program}' cannot be started ({e.Message}): apt-get install prometheus prometheus-alertmanager", e);
        }
    }
}
