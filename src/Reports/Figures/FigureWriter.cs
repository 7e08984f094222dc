namespace CurvatureMonitor.Reports.Figures;

/// <summary>Draws a figure as SVG.</summary>
internal sealed class FigureWriter
{
    private const double Width = 1000;
    private const double PanelHeight = 250;
    private const double TitleHeight = 40;
    private const double Left = 72;
    private const double Right = 18;
    private const double Top = 30;
    private const double Bottom = 46;
    private const double SmallText = 11;

    private readonly SvgWriter _svg;
    private int _clips;

    private FigureWriter(SvgWriter svg) => _svg = svg;

    internal static void Write(Figure figure, Stream stream)
    {
        using var svg = new SvgWriter(stream, Width, TitleHeight + (PanelHeight * figure.Rows.Count));
        svg.Text(Width / 2, 25, figure.Title, 16, "middle", bold: true);
        var writer = new FigureWriter(svg);
        for (int row = 0; row < figure.Rows.Count; row++)
        {
            double width = Width / figure.Rows[row].Count;
            for (int column = 0; column < figure.Rows[row].Count; column++)
            {
                writer.Draw(figure.Rows[row][column], column * width, TitleHeight + (row * PanelHeight), width);
            }
        }
    }

    private void Draw(Panel panel, double x, double y, double width)
    {
        var area = new Area(x + Left, y + Top, width - Left - Right, PanelHeight - Top - Bottom, panel.X, panel.Y);
        _svg.Text(area.X + (area.Width / 2), area.Y - 10, panel.Title, 12, "middle", bold: true);
        DrawAxes(panel, area);
        _svg.BeginClip($"clip{_clips++}", area.X, area.Y, area.Width, area.Height);
        foreach (var series in panel.Series)
        {
            Draw(series, area);
        }

        _svg.EndClip();
        _svg.Frame(area.X, area.Y, area.Width, area.Height, Palette.Frame);
        DrawLegend(panel, area);
    }

    private void DrawAxes(Panel panel, Area area)
    {
        double foot = area.Y + area.Height;
        foreach (var tick in panel.X.Ticks)
        {
            double x = area.PlaceX(tick.Value);
            _svg.Line(x, area.Y, x, foot, Palette.Grid);
            _svg.Text(x, foot + 15, tick.Label, SmallText, "middle");
        }

        foreach (var tick in panel.Y.Ticks)
        {
            double y = area.PlaceY(tick.Value);
            _svg.Line(area.X, y, area.X + area.Width, y, Palette.Grid);
            _svg.Text(area.X - 6, y + 4, tick.Label, SmallText, "end");
        }

        _svg.Text(area.X + (area.Width / 2), foot + 33, panel.XLabel, SmallText, "middle");
        _svg.Text(area.X - 56, area.Y + (area.Height / 2), panel.YLabel, SmallText, "middle", turned: -90);
    }

    private void Draw(Series series, Area area)
    {
        double foot = area.Y + area.Height;
        var places = series.Points.Select(point => (X: area.PlaceX(point.X), Y: area.PlaceY(point.Y))).ToList();
        switch (series)
        {
            case StemSeries:
                foreach (var (x, y) in places.Where(place => place.Y < foot))
                {
                    _svg.Line(x, foot, x, y, series.Colour, 1.2);
                    _svg.Circle(x, y, 2.2, series.Colour);
                }

                break;
            case AreaSeries when places.Count > 0:
                _svg.Polygon([(places[0].X, foot), .. places, (places[^1].X, foot)], series.Colour);
                _svg.Polyline(places, series.Colour, 1.5, dashed: false);
                break;
            case CurveSeries:
                _svg.Polyline(places, series.Colour, 1.5, dashed: false);
                break;
            case LineSeries line:
                DrawLine(line, places, area);
                break;
        }
    }

    private void DrawLine(LineSeries line, List<(double X, double Y)> places, Area area)
    {
        _svg.Polyline(places, line.Colour, line.Width, line.Dashed);
        foreach (var (point, (x, y)) in line.Points.Zip(places).Where(_ => !line.Dashed))
        {
            _svg.Circle(x, y, line.Width + 0.7, line.Colour);
            double high = area.PlaceY(point.Y + point.Error),
                low = area.PlaceY(point.Y - point.Error);
            if (low - high > 1)
            {
                _svg.Line(x, high, x, low, line.Colour);
                _svg.Line(x - 3, high, x + 3, high, line.Colour);
                _svg.Line(x - 3, low, x + 3, low, line.Colour);
            }
        }
    }

    private void DrawLegend(Panel panel, Area area)
    {
        double y = area.Y + 16;
        foreach (var series in panel.Series.Where(series => series.Label is not null))
        {
            _svg.Line(area.X + 10, y - 4, area.X + 28, y - 4, series.Colour, 2.5);
            _svg.Text(area.X + 34, y, series.Label!, SmallText);
            y += 15;
        }
    }

    // Where a panel's values lie on the page; the vertical axis points up. Far-away places are cut to what a renderer
    // can take.
    private sealed record Area(double X, double Y, double Width, double Height, AxisScale XScale, AxisScale YScale)
    {
        internal double PlaceX(double value) => X + (Width * Math.Clamp(XScale.Place(value), -10, 10));

        internal double PlaceY(double value) => Y + (Height * (1 - Math.Clamp(YScale.Place(value), -10, 10)));
    }
}
