using System.Globalization;

namespace CurvatureMonitor.Curvature.Tests.Statistics.Coverage;

/// <summary>How often intervals contained the truth, and how wide they were.</summary>
internal readonly record struct CoverageCount(int Trials, int WithinOne, int WithinTwo, double Squares, double Width)
{
    internal double One => 100.0 * WithinOne / Trials;

    internal double Two => 100.0 * WithinTwo / Trials;

    internal CoverageCount With(double deviation, double error) =>
        new(
            Trials + 1,
            WithinOne + (Math.Abs(deviation) <= error ? 1 : 0),
            WithinTwo + (Math.Abs(deviation) <= 2 * error ? 1 : 0),
            Squares + (deviation * deviation),
            Width + (error * error)
        );

    internal CoverageCount With(CoverageCount other) =>
        new(
            Trials + other.Trials,
            WithinOne + other.WithinOne,
            WithinTwo + other.WithinTwo,
            Squares + other.Squares,
            Width + other.Width
        );

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{One:F1} within one, {Two:F1} within two of {Trials}; rms error/deviation "
                + $"{Math.Sqrt(Width / Squares):F2}"
        );
}
