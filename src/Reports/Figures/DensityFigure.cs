using System.Globalization;
using CurvatureMonitor.Reports.Documents;

namespace CurvatureMonitor.Reports.Figures;

/// <summary>
/// The curves of each operator's density at one step: Gaussian, kernel polynomial and maximum entropy on linear and
/// symmetric-log axes, and the log spectrum.
/// </summary>
internal static class DensityFigure
{
    private const int Decades = 8;

    /// <summary>The picture of the last step that has curves; null where none has.</summary>
    internal static Figure? Of(IReadOnlyList<SavedPoint> points)
    {
        var withCurves = points
            .Where(point => point.Views is not null || point.Deflated is { Nodes.Count: > 0 })
            .ToList();
        var rows = withCurves.Where(point => point.Step == withCurves[^1].Step).SelectMany(Rows).ToList();
        return rows.Count == 0
            ? null
            : new Figure(
                "density",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Densities of {withCurves[^1].Run} at step {withCurves[^1].Step}"
                ),
                rows
            );
    }

    private static IEnumerable<IReadOnlyList<Panel>> Rows(SavedPoint point)
    {
        (string Name, CurveReading? Curve)[] named =
        [
            ("Gaussian", point.Views?.Gaussian),
            ("kernel polynomial", point.Views?.Kpm),
            ("maximum entropy", point.Views?.Entropy),
        ];
        var curves = named
            .Where(pair => pair.Curve is not null)
            .Select(pair => (pair.Name, Curve: pair.Curve!))
            .ToList();
        if (curves.Count > 0)
        {
            var places = curves.SelectMany(pair => pair.Curve.Points!).ToList();
            yield return
            [
                Curves(point.Operator, "linear axis", LinearScale.Around(places), curves),
                Curves(point.Operator, "symmetric-log axis", SymmetricLogScale.Around(places), curves),
            ];
        }

        List<Panel> row = [];
        if (point.Views?.Log is { } log)
        {
            row.Add(Log(point.Operator, log));
        }

        if (point.Deflated is { Nodes.Count: > 0 } deflated)
        {
            row.Add(
                new Panel(
                    $"{point.Operator}: outliers taken out and put back",
                    "eigenvalue",
                    "share of eigenvalues",
                    SymmetricLogScale.Around(deflated.Nodes),
                    LogScale.Around(deflated.Weights, 10),
                    [
                        new StemSeries(
                            null,
                            Palette.Of(point.Operator),
                            [.. deflated.Nodes.Zip(deflated.Weights, (node, weight) => new PlotPoint(node, weight))]
                        ),
                    ]
                )
            );
        }

        if (row.Count > 0)
        {
            yield return row;
        }
    }

    private static Panel Curves(
        string name,
        string axis,
        AxisScale scale,
        List<(string Name, CurveReading Curve)> curves
    ) =>
        new(
            $"{name}: density, {axis}",
            "eigenvalue",
            "per unit of eigenvalue",
            scale,
            LogScale.Around(curves.SelectMany(pair => pair.Curve.Values!), Decades),
            [
                .. curves.Select(
                    (pair, index) =>
                        new CurveSeries(pair.Name, Palette.Nth(index), Points(pair.Curve.Points!, pair.Curve.Values!))
                ),
            ]
        );

    private static Panel Log(string name, CurveReading log)
    {
        double[] positive = log.Negative is { } negative
            ? [.. log.Values!.Zip(negative, (all, below) => Math.Max(0, all - below))]
            : [.. log.Values!];
        List<Series> series = [new CurveSeries("λ ≥ 0", Palette.Of("hessian"), Points(log.Points!, positive))];
        if (log.Negative is { } part)
        {
            series.Add(new CurveSeries("λ < 0", Palette.Limit, Points(log.Points!, part)));
        }

        if (log.PowerLaw is { Exponent: { } exponent, Coefficient: { } coefficient, Low: { } low, High: { } high })
        {
            // Per unit of ln|λ| the density is |λ| times that per unit of |λ|.
            double[] ends = [Math.Log(low), Math.Log(high)];
            string label = string.Create(CultureInfo.InvariantCulture, $"|λ|^{exponent:0.00}");
            series.Add(
                new LineSeries(
                    label,
                    Palette.Text,
                    [.. ends.Select(u => new PlotPoint(u, coefficient * Math.Exp((exponent + 1) * u)))],
                    Dashed: true
                )
            );
        }

        return new Panel(
            $"{name}: log spectrum",
            "ln |eigenvalue|",
            "per unit of ln |eigenvalue|",
            LinearScale.Around(log.Points!),
            LogScale.Around(log.Values!, Decades),
            series
        );
    }

    private static PlotPoint[] Points(IReadOnlyList<double> x, IReadOnlyList<double> y) =>
        [.. x.Zip(y, (place, value) => new PlotPoint(place, value))];
}
