using System.Globalization;
using System.Xml.Linq;
using CurvatureMonitor.Reports.Figures;

namespace CurvatureMonitor.Reports.Tests.Figures;

/// <summary>Spectra as pictures.</summary>
public sealed class SpectrumFigureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Every_stem_is_drawn_where_its_eigenvalue_lies()
    {
        double[] nodes = [-2, 0, 1e-3, 0.5, 30];
        double[] weights = [0.01, 0.5, 0.39, 0.09, 0.01];
        var figure = SpectrumFigure.Of([
            new SavedPoint
            {
                Run = "<&\">",
                Step = 1,
                Operator = "hessian",
                Density = new(nodes, weights),
            },
        ])!;
        using var stream = new MemoryStream();
        FigureWriter.Write(figure, stream);
        stream.Position = 0;
        var picture = XDocument.Load(stream);
        var circles = picture
            .Descendants(Svg + "circle")
            .Select(circle => double.Parse(circle.Attribute("cx")!.Value, CultureInfo.InvariantCulture))
            .ToList();

        // Two panels of stems; on both axes larger eigenvalues lie further right.
        Assert.Equal(2 * nodes.Length, circles.Count);
        Assert.Equal(circles[..nodes.Length].Order(), circles[..nodes.Length]);
        Assert.Equal(circles[nodes.Length..].Order(), circles[nodes.Length..]);
        Assert.Contains(picture.Descendants(Svg + "text"), element =>
            element.Value.Contains("<&\">", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_point_without_a_density_has_no_spectrum() =>
        Assert.Null(
            SpectrumFigure.Of([
                new SavedPoint
                {
                    Run = "a",
                    Step = 1,
                    Operator = "ggn",
                    LambdaMax = new(1, 0),
                },
            ])
        );
}
