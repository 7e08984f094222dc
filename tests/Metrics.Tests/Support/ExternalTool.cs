using System.ComponentModel;
using System.Diagnostics;

namespace CurvatureMonitor.Metrics.Tests.Support;

internal static class ExternalTool
{
    /// <summary>
    /// Starts a program of the Debian packages; a test that needs it fails, and is not skipped, where it is missing.
    /// </summary>
    public static Process Start(string program, params string[] arguments) => Start([program], arguments);

    /// <summary>Starts the first of the programs that is installed: Debian has names of its own.</summary>
    public static Process Start(IReadOnlyList<string> programs, params string[] arguments)
    {
        Win32Exception? missing = null;
        foreach (var program in programs)
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
            catch (Win32Exception e)
            {
                missing = e;
            }
        }

        throw new InvalidOperationException(
            $"'{programs[0]}' cannot be started ({missing?.Message}); it is in a Debian package: apt-get install "
                + $"prometheus prometheus-alertmanager",
            missing
        );
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
