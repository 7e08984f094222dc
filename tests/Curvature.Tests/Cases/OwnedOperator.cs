using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Operators;

namespace CurvatureMonitor.Curvature.Tests.Cases;

/// <summary>An operator of a reference case, with what it holds of its own.</summary>
internal sealed class OwnedOperator(ReferenceCase reference, OperatorKind kind) : IDisposable
{
    internal LinearizationOperator Operator { get; } = LinearizationOperator.Create(kind, reference.Linearization);

    public void Dispose() => (Operator as IDisposable)?.Dispose();
}
