using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives;

/// <content>Operations in place.</content>
public sealed partial class Vector
{
    /// <summary>this ← factor · this.</summary>
    public void Scale(double factor) => Calls.Do(() => Values.Scale(factor));

    /// <summary>this ← this + factor · x.</summary>
    /// <exception cref="DerivativeException">Lengths, element types or devices differ.</exception>
    public void Add(Vector x, double factor = 1)
    {
        RequireAlike(x);
        Calls.Do(() => Values.Increase(x.Values, factor));
    }

    /// <summary>this ← this ∘ x, entry by entry.</summary>
    /// <exception cref="DerivativeException">Lengths, element types or devices differ.</exception>
    public void Multiply(Vector x)
    {
        RequireAlike(x);
        Calls.Do(() => Values.mul_(x.Values));
    }

    /// <summary>this ← β · this + (1 − β) · x: an exponential moving average.</summary>
    /// <exception cref="DerivativeException">Lengths, element types or devices differ.</exception>
    public void Blend(double beta, Vector x)
    {
        RequireAlike(x);
        Calls.Do(() => Values.Scale(beta).Increase(x.Values, 1 - beta));
    }

    /// <summary>this ← β · this + (1 − β) · x ∘ x: Adam's second moment.</summary>
    /// <exception cref="DerivativeException">Lengths, element types or devices differ.</exception>
    public void BlendSquare(double beta, Vector x)
    {
        RequireAlike(x);
        Calls.Do(() => Values.Scale(beta).IncreaseByProduct(x.Values, x.Values, 1 - beta));
    }

    /// <summary>this ← this + factor · n / (√s · rootScale + ε), entry by entry: Adam's update.</summary>
    /// <param name="factor">The factor before the quotient.</param>
    /// <param name="numerator">n.</param>
    /// <param name="square">s, of which the root is taken.</param>
    /// <param name="rootScale">The factor of the root.</param>
    /// <param name="epsilon">ε, added to the denominator.</param>
    /// <exception cref="DerivativeException">Lengths, element types or devices differ.</exception>
    public void AddRootQuotient(double factor, Vector numerator, Vector square, double rootScale, double epsilon)
    {
        RequireAlike(numerator);
        RequireAlike(square);
        Calls.Do(() =>
            Values.IncreaseByQuotient(
                numerator.Values,
                square.Values.sqrt().Scale(rootScale).Increase(epsilon),
                factor
            )
        );
    }
}
