using System.Diagnostics;

namespace CurvatureMonitor.Host.Doctor;

/// <summary>Finds programs on the search path and asks them for their version.</summary>
internal static class ToolSearch
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Folders where Debian keeps servers; an ordinary user's PATH lacks them.</summary>
    private static readonly string[] ServerFolders = ["/usr/sbin", "/sbin", "/usr/local/sbin"];

    internal static string? Find(string program)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(
            Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries
        );
        return folders
            .Concat(ServerFolders)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>The first line that the program prints about its version; null when it says nothing in time.</summary>
    internal static async Task<string?> VersionAsync(string path, string argument, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Timeout);
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(path, argument)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            },
        };
        try
        {
            process.Start();
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
            string text = await output.ConfigureAwait(false) + await errors.ConfigureAwait(false);
            return text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .FirstOrDefault();
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
