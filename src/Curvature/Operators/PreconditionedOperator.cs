using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Operators;

/// <summary>
/// D^-½ A D^-½ for a positive diagonal D. It has the eigenvalues of D⁻¹ A, the matrix whose sharpness decides the
/// stability of a preconditioned optimiser, and is symmetric.
/// </summary>
public sealed class PreconditionedOperator : ISymmetricOperator, IDisposable
{
    private readonly ISymmetricOperator _inner;
    private readonly Vector _inverseRoot;
    private readonly Vector _scaled;

    // Owns inverseRoot = diag(D)^-½.
    private PreconditionedOperator(ISymmetricOperator inner, Vector inverseRoot)
    {
        _inner = inner;
        _inverseRoot = inverseRoot;
        _scaled = inverseRoot.ZerosLike();
    }

    /// <inheritdoc/>
    public string Name => "preconditioned " + _inner.Name;

    /// <inheritdoc/>
    public long Dimension => _inner.Dimension;

    /// <inheritdoc/>
    public ElementType ElementType => _inner.ElementType;

    /// <inheritdoc/>
    public Device Device => _inner.Device;

    /// <inheritdoc/>
    public long Products => _inner.Products;

    /// <summary>D^-½ A D^-½.</summary>
    /// <param name="inner">A; stays its creator's to dispose.</param>
    /// <param name="diagonal">[P], the diagonal of D; every entry positive and finite. Copied.</param>
    /// <exception cref="ArgumentException">The diagonal's length is not P.</exception>
    /// <exception cref="UserErrorException">An entry is zero, negative or not a
    /// number.</exception>
    public static PreconditionedOperator ForDiagonal(ISymmetricOperator inner, Vector diagonal)
    {
        ArgumentNullException.ThrowIfNull(diagonal);
        using var ones = Ones(diagonal);
        var inverseRoot = diagonal.ZerosLike();

        // d^-½ = 1/√d: the one root that a Vector offers is that of an optimiser's update, a += n/(√s·scale + ε).
        inverseRoot.AddRootQuotient(1, ones, diagonal, 1, 0);
        return Wrap(inner, inverseRoot, diagonal.IsFinite(), nameof(diagonal));
    }

    /// <summary>
    /// A preconditioned as Adam does at step t (Cohen et al. 2022): P = (1 − β1ᵗ)(diag √(ν/(1 − β2ᵗ)) + ε). Its largest
    /// eigenvalue compares with (2 + 2β1)/((1 − β1) η).
    /// </summary>
    /// <param name="inner">A; stays its creator's to dispose.</param>
    /// <param name="secondMoment">[P], ν as the optimiser holds it after step t, not corrected for bias; not
    /// negative.</param>
    /// <param name="beta1">Decay of the first moment, in [0, 1).</param>
    /// <param name="beta2">Decay of the second moment, in [0, 1).</param>
    /// <param name="step">t, counted from 1.</param>
    /// <param name="epsilon">ε, positive where ν has zeros.</param>
    /// <exception cref="ArgumentOutOfRangeException">A decay is outside [0, 1), or the step below 1.</exception>
    /// <exception cref="ArgumentException">ν does not fit the operator.</exception>
    /// <exception cref="UserErrorException">P would have entries that are not positive
    /// and finite.</exception>
    public static PreconditionedOperator ForAdam(
        ISymmetricOperator inner,
        Vector secondMoment,
        double beta1,
        double beta2,
        long step,
        double epsilon
    )
    {
        ArgumentNullException.ThrowIfNull(secondMoment);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        RequireDecay(beta1, nameof(beta1));
        RequireDecay(beta2, nameof(beta2));

        var inverseRoot = InverseRoot(secondMoment, Preconditioner.OfAdam(beta1, beta2, epsilon, step));
        return Wrap(inner, inverseRoot, secondMoment.IsFinite(), nameof(secondMoment));
    }

    /// <summary>
    /// R P^-½ A P^-½ R, the operator that decides the stability of steps of an optimiser whose rates are R².
    /// </summary>
    /// <param name="inner">A; stays its creator's to dispose.</param>
    /// <param name="secondMoment">[P], ν; infinite where a parameter is not stepped. Null where steps are not
    /// divided.</param>
    /// <param name="diagonal">P of ν; null where steps are not divided.</param>
    /// <param name="rateRoots">[P], the diagonal of R, not negative; null for ones.</param>
    /// <exception cref="ArgumentException">A vector does not fit the operator.</exception>
    /// <exception cref="UserErrorException">P would have entries that are not positive.</exception>
    public static PreconditionedOperator ForStep(
        ISymmetricOperator inner,
        Vector? secondMoment,
        Preconditioner? diagonal,
        Vector? rateRoots = null
    )
    {
        ArgumentNullException.ThrowIfNull(inner);
        var scale =
            secondMoment is not null && diagonal is not null
                ? InverseRoot(secondMoment, diagonal)
                : Ones(rateRoots ?? throw new ArgumentNullException(nameof(rateRoots)));
        if (rateRoots is not null)
        {
            scale.Multiply(rateRoots);
        }

        return Wrap(inner, scale, finite: true, nameof(secondMoment));
    }

    /// <inheritdoc/>
    public void Apply(Vector v, Vector result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _scaled.CopyFrom(v);
        _scaled.Multiply(_inverseRoot);
        _inner.Apply(_scaled, result);
        result.Multiply(_inverseRoot);
    }

    /// <summary>Frees the preconditioner and the scratch vector.</summary>
    public void Dispose()
    {
        _inverseRoot.Dispose();
        _scaled.Dispose();
    }

    private static Vector Ones(Vector like)
    {
        var ones = like.ZerosLike();
        ones.Fill(1);
        return ones;
    }

    // P^-½ = P⁻¹ / √(P⁻¹); what keeps 0/0 of an infinite ν at 0 is far below any root that is not.
    private static Vector InverseRoot(Vector secondMoment, Preconditioner diagonal)
    {
        const double tiny = 1e-30;
        using var ones = Ones(secondMoment);
        using var inverse = secondMoment.ZerosLike();
        inverse.AddRootQuotient(1 / diagonal.Scale, ones, secondMoment, diagonal.RootFactor, diagonal.Epsilon);
        var inverseRoot = secondMoment.ZerosLike();
        inverseRoot.AddRootQuotient(1, inverse, inverse, 1, tiny);
        return inverseRoot;
    }

    // An infinite entry of D would pass as an inverse root of zero, so its finiteness is asked of D itself.
    private static PreconditionedOperator Wrap(
        ISymmetricOperator inner,
        Vector inverseRoot,
        bool finite,
        string parameter
    )
    {
        ArgumentNullException.ThrowIfNull(inner);
        var fits = inverseRoot.Length == inner.Dimension;
        if (fits && finite && inverseRoot.IsFinite())
        {
            return new PreconditionedOperator(inner, inverseRoot);
        }

        var length = inverseRoot.Length;
        inverseRoot.Dispose();
        throw fits
            ? new UserErrorException(
                "every entry of the preconditioner must be positive and finite",
                "see that the second moments are those of Adam, and that epsilon is above 0"
            )
            : new ArgumentException(
                $"the preconditioner has {length} entries, the operator has dimension {inner.Dimension}",
                parameter
            );
    }

    private static void RequireDecay(double beta, string name)
    {
        if (!(beta >= 0 && beta < 1))
        {
            throw new ArgumentOutOfRangeException(name, beta, "a decay rate lies in [0, 1)");
        }
    }
}
