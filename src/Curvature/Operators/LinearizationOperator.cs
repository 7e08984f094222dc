using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Curvature.Operators;

/// <summary>
/// An operator over a <see cref="Torch.Linearization"/>: curvature of one objective at one θ. It does not own the
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

    /// <inheritdoc/>
    public abstract void Apply(Vector v, Vector result);
}
