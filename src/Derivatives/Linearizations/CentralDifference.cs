using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Linearizations;

/// <summary>A derivative by (f(θ + hv) − f(θ − hv)) / 2h, and how far halving h changes it.</summary>
/// <param name="Derivative">Of the halved step.</param>
/// <param name="Discrepancy">The relative distance of the two, less what rounding explains.</param>
/// <param name="Noise">What rounding may have done to the derivative, as a norm.</param>
internal readonly record struct CentralDifference(Tensor Derivative, double Discrepancy, double Noise)
{
    private const double NoiseFactor = 8;

    /// <summary>Computes it.</summary>
    /// <param name="evaluate">f.</param>
    /// <param name="theta">θ [P].</param>
    /// <param name="v">The direction [P].</param>
    /// <param name="type">The element type.</param>
    internal static CentralDifference Of(Func<Tensor, Tensor> evaluate, Tensor theta, Tensor v, ElementType type)
    {
        using var mode = no_grad();
        double length = Magnitude(v);
        if (length == 0)
        {
            return new CentralDifference(zeros_like(evaluate(theta)), 0, 0);
        }

        // Where the error of the formula, of order h², meets that of rounding, of order 1/h, for f on the scale of θ.
        double rounding = type.Rounding();
        double step = Math.Cbrt(rounding) * Math.Max(1, Magnitude(theta)) / length;
        double scale = 0;
        var whole = Difference(step);
        var half = Difference(step / 2);

        // Explained by the rounding of f itself: no argument against the formula.
        double noise = NoiseFactor * rounding * scale / step;
        double distance = Math.Max(0, Magnitude(whole - half) - noise);
        return new CentralDifference(half, distance / Math.Max(Magnitude(half), double.Epsilon), noise);

        Tensor Difference(double h)
        {
            using var scope = NewDisposeScope();
            var upper = At(h);
            scale = Math.Max(scale, Magnitude(upper));
            return upper.sub_(At(-h)).Divide(2 * h).MoveToOuterDisposeScope();
        }

        Tensor At(double h)
        {
            using var shifted = v.Times(h);
            using var alias = shifted.Increase(theta);
            return evaluate(shifted);
        }
    }

    /// <summary>How far another derivative lies away, relative to this one and less what rounding explains.</summary>
    internal double DistanceTo(Tensor other)
    {
        double distance = Math.Max(0, Magnitude(other - Derivative) - (2 * Noise));
        return distance / Math.Max(Magnitude(Derivative), double.Epsilon);
    }

    /// <summary>The largest discrepancy that a product may have.</summary>
    internal static double Tolerated(ElementType type) => type == ElementType.Float64 ? 1e-4 : 1e-2;

    private static double Magnitude(Tensor tensor)
    {
        using var norm = tensor.norm();
        using var value = norm.to(ScalarType.Float64);
        return value.item<double>();
    }
}
