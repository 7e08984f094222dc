using static TorchSharp.torch;

namespace CurvatureMonitor.Tests.Modules;

/// <summary>
/// The Hessian of a training's own loss, column by column: central differences of TorchSharp's gradients in float64.
/// Nothing of the product takes part in it.
/// </summary>
internal static class DenseHessian
{
    private const double Difference = 1e-5;

    /// <summary>The largest eigenvalue.</summary>
    /// <param name="module">A float64 module; its parameters are put back.</param>
    /// <param name="loss">The loss of its outputs.</param>
    /// <param name="inputs">All samples.</param>
    internal static double LargestEigenvalue(
        nn.Module<Tensor, Tensor> module,
        Func<Tensor, Tensor> loss,
        Tensor inputs
    )
    {
        using var scope = NewDisposeScope();
        var parameters = module.parameters().Where(parameter => parameter.requires_grad).ToList();
        var columns = new List<Tensor>();
        foreach (var parameter in parameters)
        {
            var flat = parameter.detach().view(-1);
            for (long i = 0; i < flat.NumberOfElements; i++)
            {
                double value = flat[i].item<double>();
                flat[i] = tensor(value + Difference, ScalarType.Float64);
                var above = Gradient(module, parameters, loss, inputs);
                flat[i] = tensor(value - Difference, ScalarType.Float64);
                var below = Gradient(module, parameters, loss, inputs);
                flat[i] = tensor(value, ScalarType.Float64);
                columns.Add((above - below) / (2 * Difference));
            }
        }

        var matrix = stack(columns, 1);
        return linalg.eigvalsh((matrix + matrix.t()) / 2).max().item<double>();
    }

    private static Tensor Gradient(
        nn.Module<Tensor, Tensor> module,
        IReadOnlyList<TorchSharp.Modules.Parameter> parameters,
        Func<Tensor, Tensor> loss,
        Tensor inputs
    )
    {
        module.zero_grad();
        using var mode = enable_grad();
        loss(module.call(inputs)).backward();
        return cat([.. parameters.Select(parameter => parameter.grad!.detach().clone().view(-1))]);
    }
}
