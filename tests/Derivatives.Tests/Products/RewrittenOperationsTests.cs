using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>
/// The operations that the engine differentiates by itself, against networks that say the same in operations which it
/// leaves to libtorch: value, gradient and every product agree.
/// </summary>
[Collection(nameof(Alone))]
public sealed class RewrittenOperationsTests
{
    private const string Pool = "torch.max_pool2d(h, {0})";
    private const string LibtorchPool = "torch.max_pool2d_with_indices(h, {0})[0]";

    /// <summary>
    /// Two bodies that map h [6, 4, 9, 8], the output of a convolution, to features [6, F]; the second in libtorch's
    /// own operations.
    /// </summary>
    public static TheoryData<string, string> Bodies =>
        new()
        {
            { "h = torch.relu(h)", "h = torch.threshold(h, 0, 0)" },
            { "h = torch.relu_(h)", "h = torch.threshold(h, 0, 0)" },
            { "torch.relu_(h)", "h = torch.threshold(h, 0, 0)" },
            { "h = torch.relu(torch.transpose(h, 2, 3))", "h = torch.threshold(torch.transpose(h, 2, 3), 0, 0)" },
            {
                "h = torch.relu(torch.relu(h) - 0.1) + h",
                "h = torch.threshold(torch.threshold(h, 0, 0) - 0.1, 0, 0) + h"
            },
            {
                "h = " + PoolOf("[2, 2], [2, 2], [0, 0], [1, 1], False"),
                "h = " + PoolByLibtorch("[2, 2], [2, 2], [0, 0], [1, 1], False")
            },
            {
                "h = " + PoolOf("[2, 2], [], [0, 0], [1, 1], False"),
                "h = " + PoolByLibtorch("[2, 2], [], [0, 0], [1, 1], False")
            },
            {
                "h = " + PoolOf("[3, 2], [1, 2], [1, 0], [1, 1], False"),
                "h = " + PoolByLibtorch("[3, 2], [1, 2], [1, 0], [1, 1], False")
            },
            {
                "h = " + PoolOf("[3, 3], [2, 2], [1, 1], [1, 1], True"),
                "h = " + PoolByLibtorch("[3, 3], [2, 2], [1, 1], [1, 1], True")
            },
            {
                "h = " + PoolOf("[2, 3], [2, 1], [1, 0], [2, 1], False"),
                "h = " + PoolByLibtorch("[2, 3], [2, 1], [1, 0], [2, 1], False")
            },
            {
                "h = torch.transpose(h, 2, 3)\n    h = " + PoolOf("[2, 2], [2, 2], [0, 0], [1, 1], False"),
                "h = torch.transpose(h, 2, 3)\n    h = " + PoolByLibtorch("[2, 2], [2, 2], [0, 0], [1, 1], False")
            },
            {
                "h = torch.relu(" + PoolOf("[2, 2], [2, 2], [0, 0], [1, 1], False") + ")",
                "h = torch.threshold(" + PoolByLibtorch("[2, 2], [2, 2], [0, 0], [1, 1], False") + ", 0, 0)"
            },
            {
                "h = torch.tanh(torch.linear(torch.flatten(h, 1), self.wide, self.wide_bias))",
                "h = torch.tanh(torch.addmm(self.wide_bias, torch.flatten(h, 1), torch.t(self.wide)))"
            },
            {
                "h = torch.tanh(torch.linear(torch.flatten(h, 1), self.wide, None))",
                "h = torch.tanh(torch.mm(torch.flatten(h, 1), torch.t(self.wide)))"
            },
            {
                "h = torch.relu(torch.linear(torch.flatten(h, 1), self.wide, self.wide_bias))",
                "h = torch.threshold(torch.addmm(self.wide_bias, torch.flatten(h, 1), torch.t(self.wide)), 0, 0)"
            },
            {
                "h = torch.tanh(torch.linear(h, self.row, self.row_bias))",
                "h = torch.tanh(torch.matmul(h, torch.t(self.row)) + self.row_bias)"
            },
            {
                "g = torch.flatten(h, 1)\n    h = torch.linear(torch.tanh(torch.linear(g, self.wide, self.wide_bias)), "
                    + "torch.tanh(self.wide[:, 0:5]), None)",
                "g = torch.flatten(h, 1)\n    h = torch.mm(torch.tanh(torch.addmm(self.wide_bias, g, "
                    + "torch.t(self.wide))), torch.t(torch.tanh(self.wide[:, 0:5])))"
            },
        };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Every_derivative_is_libtorchs(string body, string reference)
    {
        using var ours = new Network(body, ElementType.Float64);
        using var theirs = new Network(reference, ElementType.Float64);
        AssertSame(ours, theirs, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Every_derivative_is_libtorchs_in_float32(string body, string reference)
    {
        using var ours = new Network(body, ElementType.Float32);
        using var theirs = new Network(reference, ElementType.Float32);
        AssertSame(ours, theirs, 2e-5);
    }

    private static string PoolOf(string arguments) => Pool.Replace("{0}", arguments, StringComparison.Ordinal);

    private static string PoolByLibtorch(string arguments) =>
        LibtorchPool.Replace("{0}", arguments, StringComparison.Ordinal);

    private static void AssertSame(Network ours, Network theirs, double tolerance)
    {
        foreach (long retain in new[] { long.MaxValue, 0 })
        {
            var options = new LinearizationOptions { RetainBytes = retain };
            using var here = new Linearization(ours.Objective, ours.Theta, options);
            using var there = new Linearization(theirs.Objective, theirs.Theta, options);
            Assert.Equal(there.Loss, here.Loss, tolerance);
            using var v = TinyModels.Random(here, 1);
            using var u = Vector.Zeros(here.OutputCount, here.ElementType, Device.Cpu);
            u.FillNormal(2);
            AssertProduct(v, (at, w) => at.CopyGradient(w));
            AssertProduct(v, (at, w) => at.HessianProduct(v, w));
            AssertProduct(v, (at, w) => at.HessianProduct(v, w));
            AssertProduct(v, (at, w) => at.GaussNewtonProduct(v, w));
            AssertProduct(v, (at, w) => at.VectorJacobianProduct(u, w));
            AssertProduct(u, (at, w) => at.JacobianProduct(v, w));

            void AssertProduct(Vector like, Action<Linearization, Vector> product)
            {
                using var expected = like.ZerosLike();
                using var actual = like.ZerosLike();
                product(there, expected);
                product(here, actual);
                Differences.AssertClose(expected.ToArray(), actual, tolerance);
            }
        }
    }
}
