using System.Globalization;
using System.Text;
using System.Xml;

namespace CurvatureMonitor.Reports.Figures;

/// <summary>Writes the few SVG elements that pictures are made of. Texts are escaped, numbers culture-free.</summary>
internal sealed class SvgWriter : IDisposable
{
    private const string Namespace = "http://www.w3.org/2000/svg";

    private readonly XmlWriter _xml;

    internal SvgWriter(Stream stream, double width, double height)
    {
        _xml = XmlWriter.Create(
            stream,
            new XmlWriterSettings
            {
                Encoding = new UTF8Encoding(false),
                Indent = true,
                NewLineChars = "\n",
            }
        );
        _xml.WriteStartElement("svg", Namespace);
        Attributes(
            ("width", Number(width)),
            ("height", Number(height)),
            ("viewBox", $"0 0 {Number(width)} {Number(height)}"),
            ("font-family", "DejaVu Sans, Helvetica, Arial, sans-serif")
        );
        Element("rect", ("width", Number(width)), ("height", Number(height)), ("fill", "white"));
    }

    internal void Line(double x1, double y1, double x2, double y2, string colour, double width = 1) =>
        Element(
            "line",
            ("x1", Number(x1)),
            ("y1", Number(y1)),
            ("x2", Number(x2)),
            ("y2", Number(y2)),
            ("stroke", colour),
            ("stroke-width", Number(width))
        );

    internal void Circle(double x, double y, double radius, string colour) =>
        Element("circle", ("cx", Number(x)), ("cy", Number(y)), ("r", Number(radius)), ("fill", colour));

    internal void Polyline(IEnumerable<(double X, double Y)> points, string colour, double width, bool dashed) =>
        Element(
            "polyline",
            ("points", Points(points)),
            ("fill", "none"),
            ("stroke", colour),
            ("stroke-width", Number(width)),
            ("stroke-linejoin", "round"),
            ("stroke-dasharray", dashed ? "6 4" : "none")
        );

    internal void Polygon(IEnumerable<(double X, double Y)> points, string colour) =>
        Element("polygon", ("points", Points(points)), ("fill", colour), ("fill-opacity", "0.35"), ("stroke", "none"));

    internal void Frame(double x, double y, double width, double height, string colour) =>
        Element(
            "rect",
            ("x", Number(x)),
            ("y", Number(y)),
            ("width", Number(width)),
            ("height", Number(height)),
            ("fill", "none"),
            ("stroke", colour)
        );

    /// <summary>A text; the anchor is start, middle or end.</summary>
    internal void Text(
        double x,
        double y,
        string text,
        double size,
        string anchor = "start",
        bool bold = false,
        double turned = 0
    )
    {
        _xml.WriteStartElement("text", Namespace);
        Attributes(
            ("x", Number(x)),
            ("y", Number(y)),
            ("font-size", Number(size)),
            ("text-anchor", anchor),
            ("fill", Palette.Text),
            ("font-weight", bold ? "bold" : "normal")
        );
        if (turned != 0)
        {
            Attributes(("transform", $"rotate({Number(turned)} {Number(x)} {Number(y)})"));
        }

        _xml.WriteString(text);
        _xml.WriteEndElement();
    }

    /// <summary>
    /// Begins a group whose parts beyond the rectangle are not drawn. Ends with <see cref="EndClip"/>.
    /// </summary>
    internal void BeginClip(string id, double x, double y, double width, double height)
    {
        _xml.WriteStartElement("clipPath", Namespace);
        Attributes(("id", id));
        Element("rect", ("x", Number(x)), ("y", Number(y)), ("width", Number(width)), ("height", Number(height)));
        _xml.WriteEndElement();
        _xml.WriteStartElement("g", Namespace);
        Attributes(("clip-path", $"url(#{id})"));
    }

    internal void EndClip() => _xml.WriteEndElement();

    /// <summary>Ends the document.</summary>
    public void Dispose()
    {
        _xml.WriteEndElement();
        _xml.Dispose();
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Points(IEnumerable<(double X, double Y)> points) =>
        string.Join(' ', points.Select(point => $"{Number(point.X)},{Number(point.Y)}"));

    private void Element(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _xml.WriteStartElement(name, Namespace);
        Attributes(attributes);
        _xml.WriteEndElement();
    }

    private void Attributes(params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            _xml.WriteAttributeString(name, value);
        }
    }
}
