using System.Diagnostics;

namespace CurvatureMonitor.Client.Tests.Support;

/// <summary>Debian's Python with Debian's PyTorch, as a process.</summary>
internal sealed record Python(int ExitCode, string Output, string Errors)
{
    private const string Program = "/usr/bin/python3";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Runs Python to its end. A missing program fails the test: it is in the Debian package python3-torch.
    /// </summary>
    /// <param name="folder">The working directory.</param>
    /// <param name="arguments">What follows <c>python3</c>.</param>
    internal static async Task<Python> RunAsync(string folder, params string[] arguments)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(Program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };

        // No compiled files in the source tree, and no settings of the user's.
        process.StartInfo.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        process.StartInfo.Environment["PYTHONNOUSERSITE"] = "1";
        process.StartInfo.Environment.Remove("CURVATURE_TOKEN");
        process.Start();
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(),
            errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"python3 {string.Join(' ', arguments)} did not end in {Patience}");
        }

        return new Python(process.ExitCode, await output, await errors);
    }
}
