using System.Globalization;
using CurvatureMonitor.Reports.Documents;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.Reports.Figures;

/// <summary>
/// Spectra of random batches beside their prediction: the ends over the batch size, and the density of the smallest
/// batches.
/// </summary>
internal static class BatchFigure
{
    /// <summary>The picture of the last step that has batches; null where none has.</summary>
    internal static Figure? Of(IReadOnlyList<SavedPoint> points)
    {
        var withBatches = points.Where(point => point.MiniBatch is { Count: > 0 }).ToList();
        if (withBatches.Count == 0)
        {
            return null;
        }

        long step = withBatches[^1].Step;
        string title = string.Create(
            CultureInfo.InvariantCulture,
            $"Batches of {withBatches[^1].Run} at step {step}, and their prediction"
        );
        return new Figure("batches", title, [.. withBatches.Where(point => point.Step == step).Select(Row)]);
    }

    private static IReadOnlyList<Panel> Row(SavedPoint point)
    {
        var sizes = point
            .MiniBatch!.Select(pair =>
                (Size: double.Parse(pair.Key, CultureInfo.InvariantCulture), Reading: pair.Value)
            )
            .OrderBy(pair => pair.Size)
            .ToList();
        var ends = Ends(point, sizes);
        return sizes[0].Reading.Density is { Nodes.Count: > 0 } density
            ? [ends, Density(point, sizes[0].Size, sizes[0].Reading, density)]
            : [ends];
    }

    private static Panel Ends(SavedPoint point, List<(double Size, MiniBatchReading Reading)> sizes)
    {
        List<Series> series = [];
        Add(series, "λ max of a batch", Palette.Of(point.Operator), sizes, reading => reading.LambdaMax);
        Add(series, "λ min of a batch", Palette.Frame, sizes, reading => reading.LambdaMin);
        if (point.LambdaMax is { } whole)
        {
            series.Add(
                new CurveSeries(
                    "λ max of the whole set",
                    Palette.Faint,
                    [new(sizes[0].Size, whole.Value), new(sizes[^1].Size, whole.Value)]
                )
            );
        }

        var all = series.SelectMany(line => line.Points).ToList();
        return new Panel(
            $"{point.Operator}: mean and spread of a batch",
            "batch size",
            "eigenvalue",
            LinearScale.Around(all.Select(place => place.X)),
            LinearScale.Around(
                all.SelectMany(place => new[] { place.Y - place.Error, place.Y + place.Error }).Append(0)
            ),
            series
        );
    }

    private static void Add(
        List<Series> series,
        string label,
        string colour,
        List<(double Size, MiniBatchReading Reading)> sizes,
        Func<MiniBatchReading, ComparedReading?> part
    )
    {
        var known = sizes
            .Select(pair => (pair.Size, Part: part(pair.Reading)))
            .Where(pair => pair.Part?.Mean is not null)
            .ToList();
        series.Add(
            new LineSeries(
                label,
                colour,
                [.. known.Select(pair => new PlotPoint(pair.Size, pair.Part!.Mean!.Value, pair.Part.Spread ?? 0))]
            )
        );
        var predicted = known.Where(pair => pair.Part!.Predicted is not null).ToList();
        if (predicted.Count > 0)
        {
            // Of a single size there is no line: a short dash shows the prediction.
            var places = predicted.Select(pair => new PlotPoint(pair.Size, pair.Part!.Predicted!.Value)).ToList();
            series.Add(
                new LineSeries(
                    $"{label[..5]} predicted",
                    Palette.Limit,
                    places.Count > 1
                        ? places
                        : [places[0] with { X = places[0].X - 1 }, places[0] with { X = places[0].X + 1 }],
                    Dashed: true
                )
            );
        }
    }

    private static Panel Density(SavedPoint point, double size, MiniBatchReading reading, DiscreteDensity density)
    {
        List<Series> series =
        [
            new StemSeries(
                "stems of the batches",
                Palette.Of(point.Operator),
                [.. density.Nodes.Zip(density.Weights, (node, weight) => new PlotPoint(node, weight))]
            ),
        ];
        var weights = density.Weights.Where(weight => weight > 0).DefaultIfEmpty(1).ToList();
        foreach (
            double edge in reading.Threshold is > 0 and { } threshold ? new[] { -2 * threshold, 2 * threshold } : []
        )
        {
            series.Add(
                new LineSeries(
                    edge < 0 ? "predicted ends of the noise" : null,
                    Palette.Limit,
                    [new(edge, weights.Min() / 10), new(edge, 1)],
                    Dashed: true
                )
            );
        }

        return new Panel(
            string.Create(CultureInfo.InvariantCulture, $"{point.Operator}: density of batches of {size}"),
            "eigenvalue",
            "share of eigenvalues",
            SymmetricLogScale.Around(series.SelectMany(line => line.Points).Select(place => place.X)),
            LogScale.Around(weights, 10),
            series
        );
    }
}
