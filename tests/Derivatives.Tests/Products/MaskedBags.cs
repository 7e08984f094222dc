using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Tests.TorchScript.Models;
using CurvatureMonitor.Derivatives.TorchScript;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>
/// A model of three inputs of three types: the mean over the tokens that are no padding of a table's rows, plus W x.
/// Its outputs are linear in the parameters, so its derivatives are written down here: z_k = Σ_j φ_j θ_jk.
/// </summary>
internal static class MaskedBags
{
    internal const int Count = 10;
    internal const int Length = 5;
    internal const int Tokens = 4;
    internal const int Features = 3;
    internal const int Classes = 3;

    private const string Body = """
            kept = torch.bitwise_not(padding)
            e = torch.masked_fill(torch.embedding(self.table, tokens), torch.unsqueeze(padding, -1), 0.)
            bag = torch.div(torch.sum(e, [1]), torch.unsqueeze(torch.sum(kept, [1]), 1))
            y = torch.add(bag, torch.matmul(x, self.w))
        """;

    private const string Foreign = """

            guard = __torch__.Guard.__new__(__torch__.Guard)
            _0 = (guard).__init__()
            with guard:
              y = torch.add(y, 0)
        """;

    internal static ScriptModelSource Source { get; } =
        new(
            "bags",
            "def forward(self, tokens: Tensor, padding: Tensor, x: Tensor) -> Tensor:\n" + Body + "\n    return y\n",
            [new("table", [Tokens, Classes]), new("w", [Features, Classes])],
            []
        );

    internal static long[] TokenNumbers { get; } =
        [.. Enumerable.Range(0, Count * Length).Select(i => (long)(i * i % 7 % Tokens))];

    /// <summary>The last n % 5 positions of sample n are padding.</summary>
    internal static bool[] Padding { get; } =
        [.. Enumerable.Range(0, Count * Length).Select(i => i % Length >= Length - (i / Length % Length))];

    internal static double[] Numbers { get; } = VectorNumbers.Numbers(31, Count * Features);

    internal static long[] Labels { get; } = [.. Enumerable.Range(0, Count).Select(n => (long)(n * 5 % 7 % Classes))];

    internal static Samples Samples(ElementType type = ElementType.Float64) =>
        Derivatives.Samples.Of(
            [
                SampleTensor.Of(TokenNumbers, [Count, Length]),
                SampleTensor.Of(Padding, [Count, Length]),
                SampleTensor.Of(Numbers, [Count, Features]),
            ],
            SampleTensor.Of(Labels, [Count]),
            type,
            Device.Cpu
        );

    /// <summary>A file of the model as PyTorch writes it; code that the interpreter of our own does not know
    /// is run by libtorch's.</summary>
    internal static void Write(string path, bool isForeign)
    {
        using var scope = NewDisposeScope();
        string code =
            HandMade.Guard
            + "class M(Module):\n  __parameters__ = [\"table\", \"w\", ]\n  __buffers__ = []\n"
            + "  table : Tensor\n  w : Tensor\n  training : bool\n"
            + "  def forward(self: __torch__.M, tokens: Tensor, padding: Tensor, x: Tensor) -> Tensor:\n"
            + $"{Body}{(isForeign ? Foreign : string.Empty)}\n    return y\n";
        var root = HandMade.Object(
            "M",
            ("table", rand(Tokens, Classes, float32)),
            ("w", rand(Features, Classes, float32)),
            ("training", false)
        );
        HandMade.Write(path, code, root);
    }

    /// <summary>φ of a sample.</summary>
    internal static double[] Phi(int sample)
    {
        double[] phi = new double[Tokens + Features];
        int[] kept = [.. Enumerable.Range(sample * Length, Length).Where(i => !Padding[i])];
        foreach (int i in kept)
        {
            phi[TokenNumbers[i]] += 1.0 / kept.Length;
        }

        Numbers.AsSpan(sample * Features, Features).CopyTo(phi.AsSpan(Tokens));
        return phi;
    }

    /// <summary>The softmax of a sample's outputs.</summary>
    internal static double[] Probabilities(double[] theta, int sample)
    {
        double[] phi = Phi(sample);
        double[] powers =
        [
            .. Enumerable
                .Range(0, Classes)
                .Select(k => Math.Exp(phi.Select((value, j) => value * theta[(j * Classes) + k]).Sum())),
        ];
        return [.. powers.Select(power => power / powers.Sum())];
    }

    /// <summary>The mean loss of samples.</summary>
    internal static double Loss(double[] theta, params IReadOnlyList<int> samples) =>
        samples.Average(n => -Math.Log(Probabilities(theta, n)[Labels[n]]));

    /// <summary>Its gradient.</summary>
    internal static double[] Gradient(double[] theta, params IReadOnlyList<int> samples)
    {
        double[] gradient = new double[theta.Length];
        foreach (int n in samples)
        {
            double[] phi = Phi(n),
                p = Probabilities(theta, n);
            for (int i = 0; i < gradient.Length; i++)
            {
                double residual = p[i % Classes] - (Labels[n] == i % Classes ? 1 : 0);
                gradient[i] += phi[i / Classes] * residual / samples.Count;
            }
        }

        return gradient;
    }

    /// <summary>Its Hessian, which is its Gauss-Newton matrix, times a vector.</summary>
    internal static double[] Product(double[] theta, double[] v, params IReadOnlyList<int> samples)
    {
        double[] product = new double[theta.Length];
        foreach (int n in samples)
        {
            double[] phi = Phi(n),
                p = Probabilities(theta, n),
                u = new double[Classes];
            for (int i = 0; i < v.Length; i++)
            {
                u[i % Classes] += phi[i / Classes] * v[i];
            }

            double mean = p.Zip(u, (a, b) => a * b).Sum();
            for (int i = 0; i < product.Length; i++)
            {
                int k = i % Classes;
                product[i] += phi[i / Classes] * p[k] * (u[k] - mean) / samples.Count;
            }
        }

        return product;
    }
}
