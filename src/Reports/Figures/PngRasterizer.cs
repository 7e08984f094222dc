using System.Diagnostics;

namespace CurvatureMonitor.Reports.Figures;

/// <summary>
/// Turns SVG into PNG with librsvg's <c>rsvg-convert</c>; no library for drawing pixels comes with .NET.
/// </summary>
internal static class PngRasterizer
{
    /// <summary>The program's name.</summary>
    internal const string Program = "rsvg-convert";

    private const string Remedy = $"{Program} is not installed (Debian: apt-get install librsvg2-bin)";

    /// <summary>Makes a PNG, twice as fine as the SVG's own size.</summary>
    /// <param name="program">Where the program is; null where it is not installed.</param>
    /// <param name="svg">The file to read.</param>
    /// <param name="png">The file to write.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null when it is made, else why not, in one line.</returns>
    internal static async Task<string?> ConvertAsync(
        string? program,
        string svg,
        string png,
        CancellationToken cancellation
    )
    {
        if (program is null)
        {
            return Remedy;
        }

        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, ["--zoom", "2", "--format", "png", "--output", png, svg])
            {
                RedirectStandardError = true,
                RedirectStandardInput = true,
            },
        };
        process.Start();
        string errors = await process.StandardError.ReadToEndAsync(cancellation).ConfigureAwait(false);
        await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        return process.ExitCode == 0 ? null : $"{Program} failed: {errors.Trim().Split('\n')[0]}";
    }
}
