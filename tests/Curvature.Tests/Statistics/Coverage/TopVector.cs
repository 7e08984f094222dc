using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Statistics.Coverage;

/// <summary>The largest eigenvalue with its vector, converged.</summary>
internal sealed class TopVector : IDisposable
{
    private readonly ExtremalResult _found;

    internal TopVector(Linearization at, OperatorKind kind)
    {
        var curvature = LinearizationOperator.Create(kind, at);
        using var scratch = curvature as IDisposable;
        _found = ExtremalEigenpairs.Find(
            curvature,
            new ExtremalOptions
            {
                Top = 1,
                Bottom = 0,
                ComputeVectors = true,
                Tolerance = 1e-10,
            }
        );
    }

    internal Vector Vector => _found.TopVectors[0];

    internal Estimate Value => _found.LambdaMax!;

    public void Dispose() => _found.Dispose();
}
