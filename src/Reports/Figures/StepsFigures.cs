using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Reports.Figures;

/// <summary>What several steps tell: eigenvalues with the stability limit, and variances, over steps.</summary>
internal static class StepsFigures
{
    /// <summary>
    /// Eigenvalues of each operator over steps, the limit beside them; null where nothing is known at two steps.
    /// </summary>
    internal static Figure? Eigenvalues(IReadOnlyList<SavedPoint> points)
    {
        var panels = points
            .Where(point => point.LambdaMax is not null)
            .GroupBy(point => point.Operator)
            .Where(HasSteps)
            .Select(group => Eigenvalues(group.Key, [.. group]))
            .ToList();
        return panels.Count == 0
            ? null
            : new Figure(
                "eigenvalues",
                $"Eigenvalues of {points[0].Run} over steps",
                [.. panels.Select(panel => new[] { panel })]
            );
    }

    /// <summary>Variances of gradient and operators over steps; null where nothing is known at two steps.</summary>
    internal static Figure? Variances(IReadOnlyList<SavedPoint> points)
    {
        var lines = points
            .Where(point => point.Variance is { Value: > 0 })
            .GroupBy(point => point.Operator)
            .Where(HasSteps)
            .Select(group => new LineSeries(
                group.Key,
                Palette.Of(group.Key),
                [.. group.Select(point => new PlotPoint(point.Step, point.Variance!.Value, point.Variance.Error))]
            ))
            .ToList();
        if (lines.Count == 0)
        {
            return null;
        }

        var all = lines.SelectMany(line => line.Points).ToList();
        var panel = new Panel(
            "variance over samples",
            "step",
            "variance",
            LinearScale.Around(all.Select(point => point.X)),
            LogScale.Around(all.Select(point => point.Y), 12),
            lines
        );
        return new Figure(
            "variance",
            $"Variances of {points[0].Run} over steps",
            [
                [panel],
            ]
        );
    }

    private static bool HasSteps(IEnumerable<SavedPoint> group) =>
        group.Select(point => point.Step).Distinct().Skip(1).Any();

    private static Panel Eigenvalues(string name, List<SavedPoint> points)
    {
        var series = new List<Series>();
        int most = points.Max(point => point.Eigenvalues?.Count ?? 0);
        for (int rank = 1; rank < most; rank++)
        {
            int index = rank;
            var known = points
                .Where(point => point.Eigenvalues?.Count > index)
                .Select(point => new PlotPoint(point.Step, point.Eigenvalues![index]));
            series.Add(new LineSeries(rank == 1 ? "next largest" : null, Palette.Faint, [.. known], 0.8));
        }

        string colour = Palette.Of(name);
        series.Add(new LineSeries("λ max", colour, [.. points.Select(point => Point(point, point.LambdaMax!))], 2.2));
        series.Add(
            new LineSeries(
                "λ min",
                Palette.Frame,
                [.. points.Where(point => point.LambdaMin is not null).Select(point => Point(point, point.LambdaMin!))],
                1.2
            )
        );
        if (points.Any(point => point.Limit is not null))
        {
            series.Add(
                new LineSeries(
                    "stability limit",
                    Palette.Limit,
                    [
                        .. points
                            .Where(point => point.Limit is not null)
                            .Select(point => new PlotPoint(point.Step, point.Limit!.Value)),
                    ],
                    1.8,
                    Dashed: true
                )
            );
        }

        var all = series.SelectMany(line => line.Points).ToList();
        return new Panel(
            name,
            "step",
            "eigenvalue",
            LinearScale.Around(all.Select(point => point.X)),
            LinearScale.Around(
                all.SelectMany(point => new[] { point.Y - point.Error, point.Y + point.Error }).Append(0)
            ),
            series
        );
    }

    private static PlotPoint Point(SavedPoint point, Estimate number) => new(point.Step, number.Value, number.Error);
}
