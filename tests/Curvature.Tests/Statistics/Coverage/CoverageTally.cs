using CurvatureMonitor.Contracts.Measurements;
using Xunit.Abstractions;

namespace CurvatureMonitor.Curvature.Tests.Statistics.Coverage;

/// <summary>
/// Counts how often intervals contain the truth. A standard error promises 68 of 100 within one and 95 within two; all
/// cases of a quantity together must keep that closely, and every case by itself within what 200 draws can show.
/// </summary>
internal sealed class CoverageTally
{
    private readonly SortedDictionary<string, SortedDictionary<string, CoverageCount>> _counts = new(
        StringComparer.Ordinal
    );

    private const double Rounding = 1e-11;

    /// <summary>Seeds that every quantity is estimated with.</summary>
    internal const int Seeds = 200;

    /// <summary>The cases: the three whose dense matrices are small.</summary>
    internal static readonly string[] Cases = ["softmax_49_10", "mlp_tanh_49_16_10", "mlp_mse_49_20_3"];

    /// <summary>Takes one estimate.</summary>
    internal void Add(string quantity, string origin, double truth, Estimate estimate)
    {
        Assert.True(
            double.IsFinite(estimate.Value) && double.IsFinite(estimate.Error) && estimate.Error >= 0,
            $"{quantity} of {origin}: {estimate}"
        );

        // What is exact but for rounding has a bound, not a standard error: it always holds.
        if (estimate.Error < Rounding)
        {
            Assert.InRange(Math.Abs(estimate.Value - truth), 0, estimate.Error);
            return;
        }

        if (!_counts.TryGetValue(quantity, out var origins))
        {
            _counts[quantity] = origins = new(StringComparer.Ordinal);
        }

        origins[origin] = origins.GetValueOrDefault(origin).With(estimate.Value - truth, estimate.Error);
    }

    /// <summary>Demands of every quantity that its error bars are neither too narrow nor too wide.</summary>
    internal void AssertErrorBarsCover(ITestOutputHelper output)
    {
        var failures = new List<string>();
        foreach (var (quantity, origins) in _counts)
        {
            var all = origins.Values.Aggregate((a, b) => a.With(b));
            output.WriteLine($"{quantity}: {all}");
            if (all.Trials < Seeds * 2 || all.One is < 60 or > 76 || all.Two is < 92 or > 98)
            {
                failures.Add($"{quantity}: {all}");
            }

            // 200 draws scatter by 3.3 and 1.5 of 100.
            foreach (var (origin, count) in origins)
            {
                output.WriteLine($"    {origin}: {count}");
                if (count.Trials < Seeds || count.One is < 54 or > 84 || count.Two is < 87)
                {
                    failures.Add($"{quantity} of {origin}: {count}");
                }
            }
        }

        Assert.NotEmpty(_counts);
        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures));
    }
}
