using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <content>Differences of gradients make a matrix of any function; only that of a gradient is symmetric.</content>
public sealed partial class Linearization
{
    // Of what a dot product of unrelated vectors has by chance.
    private const double ToleratedAsymmetry = 0.05;

    // The first product by differences: wᵀA v = vᵀA w, or the gradient that is differentiated is none of the loss.
    private void RequireSymmetry(Vector v, Vector result, bool isLater, Action<Tensor, Tensor> compute)
    {
        if (isLater || _lacking is null)
        {
            return;
        }

        using var w = v.ZerosLike();
        using var image = v.ZerosLike();
        w.FillRademacher(1);
        Measured(isCounted: false, () => compute(w.Values, image.Values));
        double scale = (result.Norm() * w.Norm()) + (image.Norm() * v.Norm());
        double asymmetry = Math.Abs(w.Dot(result) - v.Dot(image)) * Math.Sqrt(ParameterCount);
        if (!(asymmetry <= ToleratedAsymmetry * scale))
        {
            throw new DerivativeException(
                DerivativeErrorKind.UnsupportedOperation,
                "the curvature is not symmetric, so the gradient is none of the loss: trained parameters enter a part "
                    + "of the model that passes no gradient on (no_grad, detach); freeze them, or replace that part"
            );
        }
    }
}
