using System.Globalization;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Linearizations;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>What the analyses of one operator are expected to cost here.</summary>
/// <param name="linearization">Loss and model at the checkpoint.</param>
/// <param name="kind">The operator.</param>
/// <param name="product">Seconds of one product, measured.</param>
/// <param name="time">The clock.</param>
internal sealed class CostEstimates(Linearization linearization, OperatorKind kind, double product, TimeProvider time)
{
    /// <summary>Lanczos steps that the cost of a spectrum is estimated for.</summary>
    internal const int SpectrumSteps = 100;

    /// <summary>Lanczos steps that two ends of a spectrum usually need.</summary>
    private const int SharpnessSteps = 40;

    // A reorthogonalisation reads the basis four times; this is what one core reads in a second, give or take a factor
    // of two.
    private const double BytesPerSecond = 1e10;

    /// <summary>Samples whose own products are timed.</summary>
    private const int TimedSamples = 8;

    private readonly int _probes = AnalysisSettings.Thorough.ProbesFor(linearization.ParameterCount);
    private readonly long _vectorBytes =
        linearization.ParameterCount
        * (linearization.ElementType == ElementType.Float64 ? sizeof(double) : sizeof(float));

    /// <summary>The analyses that consist of products with the whole probe set.</summary>
    internal IEnumerable<CostEstimate> OfProducts() =>
        [
            Lanczos("sharpness", SharpnessSteps),
            Lanczos("spectrum", SpectrumSteps),
            new(
                string.Create(CultureInfo.InvariantCulture, $"trace, {_probes} probes"),
                kind.Label(),
                _probes,
                _probes * product,
                linearization.PeakBytes + (4 * _vectorBytes)
            ),
        ];

    /// <summary>
    /// The variance over samples, from the time of the products of a few of them; null where no sample stands alone
    /// (batch norm in train mode).
    /// </summary>
    /// <param name="theta">θ of the checkpoint, with which the samples' products are taken.</param>
    /// <exception cref="DerivativeException">libtorch has no product of single samples of this model.</exception>
    internal CostEstimate? OfVariance(Vector theta)
    {
        if (linearization.Objective.CouplesSamples)
        {
            return null;
        }

        return new(
            string.Create(CultureInfo.InvariantCulture, $"variance, {_probes} probes"),
            kind.Label(),
            2L * _probes,
            _probes * ((linearization.SampleCount * SecondsPerSample(theta)) + product),
            linearization.PeakBytes + (2L * _probes * _vectorBytes)
        );
    }

    private CostEstimate Lanczos(string analysis, int most)
    {
        int steps = (int)Math.Min(most, linearization.ParameterCount);
        double reorthogonalisation = 2.0 * steps * steps * _vectorBytes / BytesPerSecond;
        return new(
            string.Create(CultureInfo.InvariantCulture, $"{analysis}, {steps} steps"),
            kind.Label(),
            steps,
            (steps * product) + reorthogonalisation,
            linearization.PeakBytes + ((steps + 4) * _vectorBytes)
        );
    }

    private double SecondsPerSample(Vector theta)
    {
        int count = (int)Math.Min(TimedSamples, linearization.SampleCount);
        using var directions = new Basis(theta.Length, 1, linearization.ElementType, linearization.Device);
        using var centres = new Basis(theta.Length, 1, linearization.ElementType, linearization.Device);
        directions.Append(theta);
        centres.Append(theta);
        double[] squares = new double[count];
        var groups = SampleGroups.InOrder(linearization.SampleCount, 1).Slice(0, count);
        var products = kind == OperatorKind.Hessian ? GroupProduct.Hessian : GroupProduct.GaussNewton;
        return time.SecondsOf(() => linearization.GroupProductSquares(products, groups, directions, centres, squares))
            / count;
    }
}
