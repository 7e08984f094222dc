using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Operators;

/// <summary>
/// An operator over a <see cref="Derivatives.Linearization"/>: curvature of one objective at one θ. It does not own the
/// linearization.
/// </summary>
public abstract class LinearizationOperator : ISymmetricOperator
{
    private protected LinearizationOperator(OperatorKind kind, Linearization linearization)
    {
        ArgumentNullException.ThrowIfNull(linearization);
        Kind = kind;
        Linearization = linearization;
    }

    /// <summary>Which curvature matrix this is.</summary>
    public OperatorKind Kind { get; }

    /// <inheritdoc/>
    public string Name => Kind.Label();

    /// <inheritdoc/>
    public long Dimension => Linearization.ParameterCount;

    /// <inheritdoc/>
    public ElementType ElementType => Linearization.ElementType;

    /// <inheritdoc/>
    public Device Device => Linearization.Device;

    /// <inheritdoc/>
    public long Products { get; private protected set; }

    /// <inheritdoc/>
    public virtual double CancellationScale => 0;

    private protected Linearization Linearization { get; }

    /// <summary>
    /// The operator of one kind over a linearization. Dispose it if it is <see cref="IDisposable"/> (the residual is).
    /// </summary>
    public static LinearizationOperator Create(OperatorKind kind, Linearization linearization) =>
        kind switch
        {
            OperatorKind.Hessian => new HessianOperator(linearization),
            OperatorKind.GaussNewton => new GaussNewtonOperator(linearization),
            OperatorKind.Residual => new ResidualOperator(linearization),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "there is no such operator"),
        };

    /// <summary>Curvature products that one application of an operator costs.</summary>
    internal static long ProductsOf(OperatorKind kind) => kind == OperatorKind.Residual ? 2 : 1;

    /// <inheritdoc/>
    public abstract void Apply(Vector v, Vector result);
}
