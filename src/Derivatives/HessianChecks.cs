using System.Globalization;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Linearizations;
using CurvatureMonitor.Derivatives.Objectives;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <summary>Two looks at the second derivatives of a model: are they symmetric, and are they those of its gradients?
/// </summary>
internal static class HessianChecks
{
    // The comparison is in float64, where convolutions are slow, and holds some ten vectors: 40 MB.
    private const int ComparedSamples = 2;
    private const long MostParameters = 500_000;

    // What a wrong term leaves is of the order of one.
    private const double ToleratedDistance = 1e-3;

    // Away from θ by so much, where no kink lies by design, as it does at biases of zero.
    private const double Aside = 1e-3;

    /// <summary>
    /// Those of c·z, with an arbitrary c, must be symmetric: ‖A v‖² = vᵀA(A v). Says how they fail to be; null where
    /// they do not.
    /// </summary>
    internal static string? Asymmetry(Objective objective, Point point)
    {
        try
        {
            return FaultyOperation.Fault(
                objective,
                point,
                CheckedFunction.Combination(objective),
                function => FindAsymmetry(objective, point, function),
                Asymmetric(objective.ElementType),
                (difference, culprit) => Describe($"are not symmetric, by {100 * difference:g2} %", culprit)
            );
        }
        catch (DerivativeException exception) when (exception.Kind != DerivativeErrorKind.OutOfMemory)
        {
            // Whatever is not to be had is met again by the product.
            return null;
        }
    }

    /// <summary>
    /// H v in float64 beside (g(θ + hv) − g(θ − hv)) / 2h, near θ. Says how far they are apart; null where they agree,
    /// where a kink or a fixed element type makes a comparison impossible, and for large models.
    /// </summary>
    internal static string? Distance(Objective objective, Point point)
    {
        // A module's own tensors keep their element type.
        if (point.Pass.OwnParameters is not null || objective.ParameterCount > MostParameters)
        {
            return null;
        }

        try
        {
            return FaultyOperation.Fault(
                objective,
                point,
                CheckedFunction.Loss(objective),
                function => FindDistance(objective, point, function),
                ToleratedDistance,
                (distance, culprit) => Describe($"are not those of its gradients, by {100 * distance:g2} %", culprit)
            );
        }
        catch (DerivativeException exception) when (exception.Kind != DerivativeErrorKind.OutOfMemory)
        {
            return null;
        }
    }

    private static string Describe(FormattableString how, string? culprit) =>
        $"second derivatives of the model {how.ToString(CultureInfo.InvariantCulture)}: "
        + $"{culprit ?? "one of its operations"} has a wrong one in libtorch {TorchRuntime.Version}, or detaches what "
        + "depends on the parameters";

    private static double FindAsymmetry(Objective objective, Point point, CheckedFunction function)
    {
        using var scope = NewDisposeScope();
        var layout = objective.ParameterLayout;
        using var start = Vector.Zeros(objective.ParameterCount, objective.ElementType, objective.Device);
        start.FillRademacher(0);
        var v = start.Values;
        using var graph = function.GraphAt(point, CheckedFunction.Few(objective));
        var once = zeros_like(v);
        graph.AddHessianProduct(layout, point.Leaves, layout.Split(v), keep: true, once);
        double length = Math.Sqrt(HostSums.Dot(once, once));
        if (length == 0 || !double.IsFinite(length))
        {
            return 0;
        }

        var twice = zeros_like(v);
        graph.AddHessianProduct(layout, point.Leaves, layout.Split(once.Over(length)), keep: false, twice);
        return Math.Abs(HostSums.Dot(v, twice) - length) / length;
    }

    private static double FindDistance(Objective objective, Point point, CheckedFunction function)
    {
        using var scope = NewDisposeScope();
        var layout = objective.ParameterLayout;
        using var v = Vector.Zeros(objective.ParameterCount, ElementType.Float64, objective.Device);
        using var theta = v.ZerosLike();
        theta.FillNormal(1);
        theta.Values.Scale(Aside);
        AddLeaves(layout, point, theta.Values);
        v.FillRademacher(0);
        var wide = new WideObjective(
            objective,
            function,
            [
                .. point.Buffers.Select(buffer =>
                    buffer.is_floating_point() ? buffer.to(ScalarType.Float64) : buffer.alias()
                ),
            ],
            objective.CouplesSamples ? CheckedFunction.FewSamples : ComparedSamples
        );
        var difference = CentralDifference.Of(wide.Gradient, theta.Values, v.Values, ElementType.Float64);

        // Written so that NaN counts as a kink too.
        return !(difference.Discrepancy <= CentralDifference.Tolerated(ElementType.Float64))
            ? 0
            : difference.DistanceTo(wide.HessianProduct(theta.Values, v.Values));
    }

    private static void AddLeaves(FlatLayout layout, Point point, Tensor theta)
    {
        using var scope = NewDisposeScope();
        layout.Gather([.. point.Leaves.Select(leaf => leaf.detach())], theta, accumulate: true);
    }

    // Far above what rounding leaves of symmetry; a missing or a wrong term is of the order of one.
    private static double Asymmetric(ElementType type) => type == ElementType.Float64 ? 1e-4 : 5e-2;
}
