using CurvatureMonitor.Reports.Documents;

namespace CurvatureMonitor.Reports.Figures;

/// <summary>What became of one checkpoint's eigenvectors and density over the steps.</summary>
internal static class TrackingFigure
{
    /// <summary>
    /// Overlaps, curvature along the kept vectors and distance of the densities over steps; null where nothing was
    /// compared.
    /// </summary>
    internal static Figure? Of(IReadOnlyList<SavedPoint> points)
    {
        var rows = points
            .Where(point => point.Tracking?.ComparedWith is not null)
            .GroupBy(point => point.Operator)
            .Select(group => Row(group.Key, [.. group.OrderBy(point => point.Step)]))
            .ToList();
        return rows.Count == 0 ? null : new Figure("tracking", $"Eigenvectors of {points[0].Run} over steps", rows);
    }

    private static List<Panel> Row(string name, List<SavedPoint> points)
    {
        List<Series> shares = [];
        AddLine(shares, "overlap of the spaces", Palette.Of(name), points, reading => reading.SubspaceOverlap);
        AddLine(shares, "gradient in top space", Palette.Limit, points, reading => reading.GradientShare);
        List<Series> curvature = [];
        int most = points.Max(point => point.Tracking!.Curvature?.Count ?? 0);
        for (int rank = 0; rank < most; rank++)
        {
            int index = rank;
            string? label =
                rank == 0 ? "along its first eigenvector"
                : rank == 1 ? "along the next"
                : null;
            AddLine(curvature, label, rank == 0 ? Palette.Of(name) : Palette.Faint, points, reading =>
                index < reading.Curvature?.Count ? reading.Curvature[index] : null
            );
        }

        List<Series> distance = [];
        AddLine(distance, null, Palette.Of(name), points, reading => reading.Wasserstein);
        var panels = new List<Panel>();
        string since = $"since step {points[0].Tracking!.ComparedWith}";
        AddPanel(panels, $"{name}: shares", since, "share", shares);
        AddPanel(panels, $"{name}: curvature along kept vectors", since, "eigenvalue", curvature);
        AddPanel(panels, $"{name}: Wasserstein distance", since, "eigenvalue", distance);
        return panels;
    }

    private static void AddLine(
        List<Series> series,
        string? label,
        string colour,
        List<SavedPoint> points,
        Func<TrackingReading, double?> value
    )
    {
        List<PlotPoint> known =
        [
            .. points
                .Where(point => value(point.Tracking!) is not null)
                .Select(point => new PlotPoint(point.Step, value(point.Tracking!)!.Value)),
        ];
        if (known.Count > 0)
        {
            series.Add(new LineSeries(label, colour, known));
        }
    }

    private static void AddPanel(List<Panel> panels, string title, string since, string unit, List<Series> series)
    {
        var all = series.SelectMany(line => line.Points).ToList();
        if (all.Count > 0)
        {
            panels.Add(
                new Panel(
                    title,
                    $"step, {since}",
                    unit,
                    LinearScale.Around(all.Select(point => point.X)),
                    LinearScale.Around(all.Select(point => point.Y).Append(0)),
                    series
                )
            );
        }
    }
}
