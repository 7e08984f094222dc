using System.CommandLine;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Host.Configuration;
using CurvatureMonitor.Host.Doctor;
using CurvatureMonitor.Reports.Figures;

namespace CurvatureMonitor.Host.Commands;

/// <summary><c>curvature plot</c>: pictures of saved results, as SVG and PNG beside them.</summary>
internal static class PlotCommand
{
    internal static Command Create()
    {
        var file = new Argument<string[]>("FILE")
        {
            Description =
                "A result that 'curvature analyze --out' saved (.json, .npz), or a run's history "
                + "(/api/runs/RUN/history, or the .jsonl file of --history and of serve). Several files are "
                + "steps of one run.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new ConfiguredCommand(
            "plot",
            "Draw saved results as SVG and PNG: spectra and their views, batches beside their prediction, eigenvalues "
                + "over steps with the limit, variances, overlaps.",
            typeof(PlotOptions)
        )
        {
            file,
        };
        command.SetAction(
            (options, arguments, cancellation) =>
                RunAsync(arguments.GetValue(file)!, options.Get<PlotOptions>().OutDir, cancellation)
        );
        return command;
    }

    private static async Task<int> RunAsync(string[] files, string? folder, CancellationToken cancellation)
    {
        List<SavedPoint> points = [.. files.SelectMany(SavedResult.Read).OrderBy(point => point.Step)];
        Figure?[] candidates =
        [
            SpectrumFigure.Of(points),
            DensityFigure.Of(points),
            BatchFigure.Of(points),
            StepsFigures.Eigenvalues(points),
            StepsFigures.Variances(points),
            TrackingFigure.Of(points),
        ];
        var figures = candidates.OfType<Figure>().ToList();
        if (figures.Count == 0)
        {
            throw new UserErrorException(
                $"{files[0]}: nothing to draw; measure with --analyses spectrum, or give several steps"
            );
        }

        string stem = Path.Combine(
            folder ?? Path.GetDirectoryName(Path.GetFullPath(files[0]))!,
            Path.GetFileNameWithoutExtension(files[0])
        );
        string? rasterizer = ToolSearch.Find(PngRasterizer.Program);
        var pictures = figures.Select(figure => Write(figure, stem)).ToList();
        foreach (string picture in pictures)
        {
            string png = Path.ChangeExtension(picture, ".png");
            if (
                await PngRasterizer.ConvertAsync(rasterizer, picture, png, cancellation).ConfigureAwait(false) is
                { } reason
            )
            {
                // The SVG is there; the first reason holds for the others too.
                await Console.Error.WriteLineAsync($"curvature: no PNG: {reason}").ConfigureAwait(false);
                break;
            }

            Console.WriteLine(png);
        }

        return ExitCodes.Done;
    }

    private static string Write(Figure figure, string stem)
    {
        string path = $"{stem}.{figure.Name}.svg";
        try
        {
            using var stream = File.Create(path);
            FigureWriter.Write(figure, stream);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path}: cannot be written ({exception.Message})", cause: exception);
        }

        Console.WriteLine(path);
        return path;
    }
}
