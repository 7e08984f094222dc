using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Objectives;
using CurvatureMonitor.Derivatives.TorchScript.Operations;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <summary>
/// A number of the parameters whose derivatives are looked at: some outputs of the model, and a scalar of them.
/// </summary>
/// <param name="Outputs">The outputs on samples at a point, with history, in no dispose scope.</param>
/// <param name="Scalar">The scalar of those outputs, in the caller's scope.</param>
internal sealed record CheckedFunction(Func<Point, Tensor, Tensor> Outputs, Func<Tensor, Batch, Tensor> Scalar)
{
    /// <summary>The mean loss of a batch.</summary>
    internal static CheckedFunction Loss(Objective objective) =>
        new(
            (point, inputs) => Forward(objective, point, inputs),
            (outputs, batch) => objective.LossFunction.Sum(outputs, batch.Targets).Over(batch.Count)
        );

    /// <summary>c·z with an arbitrary c, of the model's outputs z.</summary>
    internal static CheckedFunction Combination(Objective objective) =>
        new((point, inputs) => Forward(objective, point, inputs), Combined);

    /// <summary>The same of what one operation of the model's program gives.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="operation">Its number among those whose results record gradients.</param>
    internal static CheckedFunction Combination(Objective objective, int operation) =>
        new((point, inputs) => Traced(objective, point, inputs, operation), Combined);

    private static Tensor Combined(Tensor outputs, Batch batch) =>
        (outputs.flatten() * TangentChecks.Weights(outputs)).sum();

    private static Tensor Forward(Objective objective, Point point, Tensor inputs)
    {
        using var mode = enable_grad();
        return objective.Forward(point, inputs).DetachFromDisposeScope();
    }

    private static Tensor Traced(Objective objective, Point point, Tensor inputs, int operation)
    {
        using var trace = new OperationTrace(operation);
        Forward(objective, point, inputs).Dispose();
        return trace.Result
            ?? throw new DerivativeException(
                DerivativeErrorKind.InvalidArgument,
                "the model's program takes another way at parameters nearby"
            );
    }
}
