using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Models;

/// <summary>
/// Files of a model that reads more than its parameters: x[:, order] (w · mask) / (1 + count), with tanh before it
/// where the count is above 2; and the same numbers computed by hand.
/// </summary>
internal static class MaskedModels
{
    internal const int Features = 4;
    internal const int Classes = 3;

    private const string Code =
        HandMade.Guard
        + """
        class M(Module):
          __parameters__ = ["w", "shift", ]
          __buffers__ = ["order", "mask", "scale", "count", ]
          w : Tensor
          shift : Tensor
          order : Tensor
          mask : Tensor
          scale : Tensor
          count : Tensor
          training : bool
          def forward(self: __torch__.M, x: Tensor) -> Tensor:
            y = torch.matmul(torch.index_select(x, 1, self.order), torch.mul(self.w, self.mask))
            if bool(torch.gt(self.count, 2)):
              z = torch.tanh(y)
            else:
              z = y
            BODY
            return torch.add(torch.div(torch.mul(z, self.scale), torch.add(self.count, 1)), self.shift)

        """;

    // What the interpreter of our own does not know.
    private const string Foreign = """
        guard = __torch__.Guard.__new__(__torch__.Guard)
            _0 = (guard).__init__()
            with guard:
              z = torch.add(z, 0)
        """;

    /// <summary>Writes the file; the archive holds an order, a full mask and a count of 0.</summary>
    internal static void Write(string path, bool isForeign)
    {
        using var scope = NewDisposeScope();
        var root = HandMade.Object(
            "M",
            ("w", linspace(-1, 1, Features * Classes, float64).reshape(Features, Classes)),
            ("shift", tensor([0.1, -0.2, 0.3], float64)),
            ("order", tensor([0L, 1, 2, 3])),
            ("mask", ones([Features, Classes], ScalarType.Bool)),
            ("scale", full([], 1.5, float64)),
            ("count", zeros([], ScalarType.Int32)),
            ("training", false)
        );
        string code = Code.Replace("BODY", isForeign ? Foreign : "z = torch.add(z, 0)", StringComparison.Ordinal);
        HandMade.Write(path, code, root);
    }

    /// <summary>The mean cross-entropy, in double, of w alone.</summary>
    internal static double Loss(double[] w, State state, double[] inputs, long[] labels)
    {
        double sum = 0;
        for (int n = 0; n < labels.Length; n++)
        {
            double[] z = new double[Classes];
            for (int k = 0; k < Classes; k++)
            {
                for (int j = 0; j < Features; j++)
                {
                    bool kept = state.Mask[(j * Classes) + k] != 0;
                    z[k] += kept ? inputs[(n * Features) + state.Order[j]] * w[(j * Classes) + k] : 0;
                }

                z[k] = (state.Count > 2 ? Math.Tanh(z[k]) : z[k]) * 1.5 / (state.Count + 1);
                z[k] += k == 0 ? 0.1 : k == 1 ? -0.2 : 0.3;
            }

            sum += Math.Log(z.Sum(Math.Exp)) - z[labels[n]];
        }

        return sum / labels.Length;
    }

    /// <summary>Its Hessian by differences of the loss, fourth order.</summary>
    internal static double[,] Hessian(double[] w, State state, double[] inputs, long[] labels)
    {
        const double step = 2e-2;
        double[] weights = [1.0 / 12, -2.0 / 3, 0, 2.0 / 3, -1.0 / 12];
        double[,] h = new double[w.Length, w.Length];
        for (int i = 0; i < w.Length; i++)
        {
            for (int j = 0; j < w.Length; j++)
            {
                for (int a = -2; a <= 2; a++)
                {
                    for (int b = -2; b <= 2; b++)
                    {
                        if (a != 0 && b != 0)
                        {
                            double[] at = [.. w];
                            at[i] += a * step;
                            at[j] += b * step;
                            h[i, j] += weights[a + 2] * weights[b + 2] * Loss(at, state, inputs, labels);
                        }
                    }
                }

                h[i, j] /= step * step;
            }
        }

        return h;
    }

    /// <summary>The buffers that are no numbers of floating point.</summary>
    internal sealed record State(long[] Order, byte[] Mask, int Count);
}
