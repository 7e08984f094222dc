using System.Globalization;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Functions;
using CurvatureMonitor.Derivatives.Linearizations;
using CurvatureMonitor.Derivatives.Objectives;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <summary>Whether J v is that of the reverse passes: uᵀ(J v) = vᵀ(Jᵀu), with arbitrary u and v.</summary>
internal static class TangentChecks
{
    /// <summary>How J v by the gradient's graph fails to be; null where it does not, or where it is not to be had.
    /// </summary>
    internal static string? OfGraph(Objective objective, Point point)
    {
        try
        {
            return FaultyOperation.Fault(
                objective,
                point,
                CheckedFunction.Loss(objective),
                function => FindDifference(objective, point, function, (graph, few, directions) =>
                {
                    function.Differentiate(graph, point, few);
                    return graph.PushForward(directions, keep: true);
                }),
                Tolerated(objective.ElementType),
                (difference, culprit) => Describe("by double backward", difference, culprit)
            );
        }
        catch (DerivativeException exception) when (exception.Kind != DerivativeErrorKind.OutOfMemory)
        {
            // Met again by the product.
            return null;
        }
    }

    /// <summary>How J v by forward mode fails to be, or why it is not to be had; null where it is and is right.
    /// </summary>
    internal static string? OfForwardMode(Objective objective, Point point)
    {
        try
        {
            double difference = FindDifference(
                objective,
                point,
                CheckedFunction.Combination(objective),
                (_, few, directions) => ForwardMode.Push(objective, point, few.Inputs, directions).Tangent
            );

            // Written so that NaN is a fault.
            return difference <= Tolerated(objective.ElementType)
                ? null
                : Describe("by forward mode", difference, culprit: null);
        }
        catch (DerivativeException exception) when (exception.Kind != DerivativeErrorKind.OutOfMemory)
        {
            return exception.Message;
        }
    }

    /// <summary>An arbitrary weight for every number of a tensor, flat.</summary>
    internal static Tensor Weights(Tensor outputs) =>
        Scalars.Range(outputs.NumberOfElements, outputs.device).to(outputs.dtype).cos();

    private static string Describe(string how, double difference, string? culprit) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"the derivative of the outputs along a direction {how} is not that of the gradient, by "
                + $"{100 * difference:g2} %: {culprit ?? "an operation"} has a wrong one"
        );

    // |uᵀ(J v) − vᵀ(Jᵀu)| by ‖u‖ ‖J v‖; 0 where there is no J v.
    private static double FindDifference(
        Objective objective,
        Point point,
        CheckedFunction function,
        Func<GradientGraph, Batch, Tensor[], Tensor?> pushForward
    )
    {
        using var scope = NewDisposeScope();
        var layout = objective.ParameterLayout;
        using var v = Vector.Zeros(objective.ParameterCount, objective.ElementType, objective.Device);
        v.FillRademacher(0);
        var few = CheckedFunction.Few(objective);
        using var graph = new GradientGraph(function.Outputs(point, few.Inputs));
        if (!graph.Outputs.requires_grad || pushForward(graph, few, layout.Split(v.Values)) is not { } tangent)
        {
            return 0;
        }

        var u = Weights(graph.Outputs);
        using var pulled = v.ZerosLike();
        var parts = SafeGradients.Of([graph.Outputs], point.Leaves, [u.view_as(graph.Outputs)], keep: true);
        layout.Gather(parts, pulled.Values, accumulate: true);
        var pushed = tangent.flatten().contiguous();
        double scale = Math.Sqrt(HostSums.Dot(u, u) * HostSums.Dot(pushed, pushed));
        double difference = Math.Abs(HostSums.Dot(u, pushed) - v.Dot(pulled));
        return difference == 0 ? 0 : difference / scale;
    }

    // Far above what rounding leaves.
    private static double Tolerated(Contracts.Models.ElementType type) =>
        type == Contracts.Models.ElementType.Float64 ? 1e-6 : 1e-2;
}
