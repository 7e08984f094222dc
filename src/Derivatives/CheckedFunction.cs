using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Linearizations;
using CurvatureMonitor.Derivatives.Objectives;
using CurvatureMonitor.Derivatives.TorchScript.Operations;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <summary>
/// A number of the parameters whose derivatives are looked at: some outputs of the model, and a scalar of them.
/// </summary>
/// <param name="Outputs">The outputs on samples at a point, with history, in no dispose scope.</param>
/// <param name="Scalar">The scalar of those outputs, in the caller's scope.</param>
internal sealed record CheckedFunction(
    Func<Point, IReadOnlyList<Tensor>, Tensor> Outputs,
    Func<Tensor, Batch, Tensor> Scalar
)
{
    /// <summary>
    /// Samples that suffice to look at derivatives: enough that a batch norm that uses the batch has something to
    /// normalise.
    /// </summary>
    internal const int FewSamples = 8;

    /// <summary>The mean loss of a batch.</summary>
    internal static CheckedFunction Loss(Objective objective) =>
        new(
            objective.OutputsAt,
            (outputs, batch) => objective.LossFunction.Sum(outputs, batch.Targets).Over(batch.Count)
        );

    /// <summary>c·z with an arbitrary c, of the model's outputs z.</summary>
    internal static CheckedFunction Combination(Objective objective) => new(objective.OutputsAt, Combined);

    /// <summary>The same of what one operation of the model's program gives.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="operation">Its number among those whose results record gradients.</param>
    internal static CheckedFunction Combination(Objective objective, int operation) =>
        new((point, inputs) => Traced(objective, point, inputs, operation), Combined);

    /// <summary>The first samples of an objective: so many that suffice.</summary>
    internal static Batch Few(Objective objective) => objective.Slice(0, Math.Min(FewSamples, objective.MicroBatch));

    /// <summary>The graph of the function's gradient at a point, which no dispose scope holds.</summary>
    internal GradientGraph GraphAt(Point point, Batch batch)
    {
        var graph = new GradientGraph(Outputs(point, batch.Inputs));
        Differentiate(graph, point, batch);
        return graph;
    }

    /// <summary>Builds the gradient's own graph upon that of the outputs.</summary>
    internal void Differentiate(GradientGraph graph, Point point, Batch batch)
    {
        using var mode = enable_grad();
        graph.Differentiate(Scalar(graph.Outputs, batch), point.Leaves);
    }

    private static Tensor Combined(Tensor outputs, Batch batch) =>
        (outputs.flatten() * TangentChecks.Weights(outputs)).sum();

    private static Tensor Traced(Objective objective, Point point, IReadOnlyList<Tensor> inputs, int operation)
    {
        using var trace = new OperationTrace(operation);
        objective.OutputsAt(point, inputs).Dispose();
        return trace.Result
            ?? throw new DerivativeException(
                DerivativeErrorKind.InvalidArgument,
                "the model's program takes another way at parameters nearby"
            );
    }
}
