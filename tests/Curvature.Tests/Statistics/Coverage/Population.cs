using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Statistics.Coverage;

/// <summary>The inner products of all samples' gradients, of which the noise scale is made.</summary>
internal sealed class Population(double[,] products)
{
    private const int Samples = 60;

    /// <summary>T of the data: every sample as likely as any other.</summary>
    internal double NoiseScale { get; } =
        Enumerable.Range(0, Samples).Sum(i => products[i, i]) * Samples / products.Cast<double>().Sum() - 1;

    internal static Population Of(string name)
    {
        using var reference = SmallCase.Open(name, Samples);
        using var zero = reference.Theta.ZerosLike();
        double[] single = Squares(SampleGroups.InOrder(Samples, 1));
        var choices = SmallCase.Choices(Samples, 2).ToList();
        double[] pairs = Squares(SampleGroups.Cut([.. choices.SelectMany(pair => pair)], 2));
        var products = new double[Samples, Samples];
        for (var i = 0; i < Samples; i++)
        {
            products[i, i] = single[i];
        }

        // The gradient of a pair is (g_i + g_j)/2.
        for (var k = 0; k < pairs.Length; k++)
        {
            var (i, j) = (choices[k][0], choices[k][1]);
            products[i, j] = products[j, i] = ((4 * pairs[k]) - single[i] - single[j]) / 2;
        }

        return new Population(products);

        double[] Squares(SampleGroups groups)
        {
            var squares = new double[groups.Count];
            reference.Linearization.GroupGradientSquares(groups, zero, squares);
            return squares;
        }
    }

    internal Estimate Measure(int samples, Random random)
    {
        int[] drawn = [.. Enumerable.Range(0, samples).Select(_ => random.Next(Samples))];
        var shares = new double[Samples];
        Array.ForEach(drawn, sample => shares[sample] += 1.0 / samples);
        double[] alongMean =
        [
            .. Enumerable
                .Range(0, Samples)
                .Select(i => Enumerable.Range(0, Samples).Sum(j => products[i, j] * shares[j])),
        ];
        var square = alongMean.Zip(shares, (along, share) => along * share).Sum();
        double[] distances = [.. drawn.Select(i => products[i, i] - (2 * alongMean[i]) + square)];
        long[] order = [.. Enumerable.Range(0, samples)];
        var groups = NoiseScaleError.Cut(order, samples);
        var spread = distances.Average();
        return new Estimate(
            spread / square,
            NoiseScaleError.Of(
                groups,
                NoiseScaleError.Means(distances, order, groups),
                NoiseScaleError.Means([.. drawn.Select(i => alongMean[i])], order, groups),
                spread,
                square
            )
        );
    }
}
