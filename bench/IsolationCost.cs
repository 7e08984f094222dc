using System.Diagnostics;
using System.Globalization;

namespace CurvatureMonitor.Bench;

/// <summary>What a process of its own costs <c>curvature validate</c>: the whole command with and without it.</summary>
internal static class IsolationCost
{
    internal static void Print(TextWriter output, string bundle, int rounds)
    {
        var times = Stopwatches.Compare(
            rounds,
            () => Validate(bundle, "--in-process"),
            [("a process of its own", () => Validate(bundle))]
        );
        var ratio = times.Ratios["a process of its own"];
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"validate in one process: {times.BaselineSeconds:0.00} s; in two: {ratio.Median:0.00} "
                    + $"times as long ({ratio.Lowest:0.00} to {ratio.Highest:0.00}, {ratio.Rounds} rounds)"
            )
        );
    }

    private static void Validate(string bundle, params string[] options)
    {
        string root = AppContext.BaseDirectory[
            ..AppContext.BaseDirectory.IndexOf(Path.Combine("bench", "bin"), StringComparison.Ordinal)
        ];
        string program = Path.Combine(root, "src", "Host", "bin", "Release", "net10.0", "CurvatureMonitor.Host.dll");
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [program, "validate", bundle, .. options]) { RedirectStandardOutput = true }
        )!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"validate {bundle} ended with exit code {process.ExitCode}");
        }
    }
}
