using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>The largest eigenvalue of the Hessian behind the preconditioner of an adaptive optimiser.</summary>
/// <param name="linearization">The objective at θ.</param>
/// <param name="time">The clock that the cost is measured with.</param>
internal sealed class PreconditionedSharpness(Linearization linearization, TimeProvider time)
{
    public PreconditionedSharpnessMeasurement Measure(
        OperatorKind kind,
        Vector secondMoment,
        OptimizerSettings optimizer,
        Preconditioner diagonal,
        ExtremalOptions options,
        CancellationToken cancellationToken
    )
    {
        options = options with { Top = 1, Bottom = 0, ComputeVectors = false };
        var meter = new CostMeter(linearization, time);
        var curvature = LinearizationOperator.Create(kind, linearization);
        using var scratch = curvature as IDisposable;
        using var preconditioned = PreconditionedOperator.ForStep(curvature, secondMoment, diagonal);
        using var result = ExtremalEigenpairs.Find(preconditioned, options, cancellationToken: cancellationToken);
        var sharpness = result.LambdaMax!;
        return new PreconditionedSharpnessMeasurement(
            sharpness,
            StabilityRatio.Of(sharpness, StabilityLimit.For(optimizer, StabilityKind.Preconditioned)),
            result.Converged,
            Provenance.Of(linearization, kind, result.Steps, 1, options.Seed),
            meter.Cost(curvature.Products)
        );
    }
}
