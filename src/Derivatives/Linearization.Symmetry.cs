using System.Globalization;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Linearizations;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <content>Whether the model's second derivatives can be believed.</content>
public sealed partial class Linearization
{
    // Enough that a batch norm that uses the batch has something to normalise.
    private const int SymmetrySamples = 8;

    /// <summary>
    /// Some second derivatives that libtorch has are wrong without a word. Those of c·z, with an arbitrary c, must be
    /// symmetric: ‖A v‖² = vᵀA(A v). Once an objective, on few samples; what is not symmetric counts as lacking.
    /// </summary>
    private void CheckSymmetry()
    {
        if (!Objective.IsSymmetryChecked)
        {
            Objective.IsSymmetryChecked = true;
            try
            {
                using var computation = Objective.Begin();
                Objective.Asymmetry = Calls.Get(FindAsymmetry);
            }
            catch (DerivativeException)
            {
                // Whatever is not to be had is met again by the product.
            }
        }

        _noDoubleBackward ??= Objective.Asymmetry;
    }

    private string? FindAsymmetry()
    {
        using var start = Zeros();
        start.FillRademacher(0);
        var v = start.Values;
        using var graph = GraphOfCombination(Math.Min(SymmetrySamples, _microBatch));
        var once = zeros_like(v);
        graph.AddHessianProduct(Layout, AtPoint.Leaves, Layout.Split(v), keep: true, once);
        double length = Math.Sqrt(HostSums.Dot(once, once));
        if (length == 0 || !double.IsFinite(length))
        {
            return null;
        }

        var twice = zeros_like(v);
        graph.AddHessianProduct(Layout, AtPoint.Leaves, Layout.Split(once.Over(length)), keep: false, twice);
        double mirrored = HostSums.Dot(v, twice);
        double difference = Math.Abs(mirrored - length) / length;
        return difference <= Asymmetric(ElementType)
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"second derivatives of the model are not symmetric, by {100 * difference:g2} %: one of its operations "
                    + $"has a wrong one in libtorch {TorchRuntime.Version}"
            );
    }

    private GradientGraph GraphOfCombination(long samples)
    {
        using var mode = enable_grad();
        var outputs = Objective.Forward(AtPoint, Objective.Slice(0, samples).Inputs).DetachFromDisposeScope();
        var graph = new GradientGraph(outputs);
        var weights = Scalars.Range(outputs.NumberOfElements, outputs.device).to(outputs.dtype).cos();
        graph.Differentiate((outputs.flatten() * weights).sum(), AtPoint.Leaves);
        return graph;
    }

    // Far above what rounding leaves of symmetry; a missing or a wrong term is of the order of one.
    private static double Asymmetric(Contracts.Models.ElementType type) =>
        type == Contracts.Models.ElementType.Float64 ? 1e-4 : 5e-2;
}
