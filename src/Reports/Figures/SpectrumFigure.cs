using System.Globalization;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.Reports.Figures;

/// <summary>
/// The spectrum of each operator at one step: stems and smoothed density, on a linear and a symmetric-log axis.
/// </summary>
internal static class SpectrumFigure
{
    private const int CurvePoints = 500;

    // In shares of the axis: the narrowest that a panel some 400 pixels wide shows as a curve.
    private const double Width = 0.012;

    /// <summary>The picture of the last step that has densities; null where none has.</summary>
    internal static Figure? Of(IReadOnlyList<SavedPoint> points)
    {
        var withDensity = points.Where(point => point.Density is { Nodes.Count: > 0 }).ToList();
        if (withDensity.Count == 0)
        {
            return null;
        }

        long step = withDensity[^1].Step;
        var shown = withDensity.Where(point => point.Step == step).ToList();
        string title = string.Create(CultureInfo.InvariantCulture, $"Spectra of {shown[0].Run} at step {step}");
        return new Figure("spectrum", title, [.. shown.SelectMany(Rows)]);
    }

    private static IEnumerable<IReadOnlyList<Panel>> Rows(SavedPoint point)
    {
        var density = point.Density!;
        AxisScale[] scales = [LinearScale.Around(density.Nodes.Append(0)), SymmetricLogScale.Around(density.Nodes)];
        string[] names = ["linear axis", "symmetric-log axis"];
        string colour = Palette.Of(point.Operator);
        yield return [.. scales.Zip(names, (scale, name) => Stems(point.Operator, name, scale, density, colour))];
        yield return [.. scales.Zip(names, (scale, name) => Smoothed(point.Operator, name, scale, density, colour))];
    }

    private static Panel Stems(
        string operatorName,
        string axis,
        AxisScale scale,
        DiscreteDensity density,
        string colour
    ) =>
        new(
            $"{operatorName}: stems, {axis}",
            "eigenvalue",
            "share of eigenvalues",
            scale,
            LogScale.Around(density.Weights, 10),
            [
                new StemSeries(
                    null,
                    colour,
                    [.. density.Nodes.Zip(density.Weights, (node, weight) => new PlotPoint(node, weight))]
                ),
            ]
        );

    // A Gaussian of a fixed width on the page: what is smoothed is what the eye would not tell apart, on either axis.
    private static Panel Smoothed(
        string operatorName,
        string axis,
        AxisScale scale,
        DiscreteDensity density,
        string colour
    )
    {
        double[] places = [.. density.Nodes.Select(scale.Place)];
        var curve = new PlotPoint[CurvePoints + 1];
        for (int i = 0; i < curve.Length; i++)
        {
            double place = i / (double)CurvePoints;
            double sum = 0;
            for (int k = 0; k < places.Length; k++)
            {
                double distance = (place - places[k]) / Width;
                sum += density.Weights[k] * Math.Exp(-0.5 * distance * distance);
            }

            curve[i] = new PlotPoint(scale.ValueAt(place), sum / (Width * Math.Sqrt(2 * Math.PI)));
        }

        return new Panel(
            $"{operatorName}: density, {axis}",
            "eigenvalue",
            "per axis length",
            scale,
            LogScale.Around(curve.Select(point => point.Y), 8),
            [new AreaSeries(null, colour, curve)]
        );
    }
}
