using System.Globalization;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Linearizations;
using CurvatureMonitor.Derivatives.Tests.TorchScript.Models;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>
/// Derivatives are looked at again where buffers, parameters or inputs lead the program another way: one branch may be
/// right and another wrong.
/// </summary>
public sealed class WayCheckTests : IDisposable
{
    private const int Inputs = 4;
    private const int Classes = 3;
    private const int Samples = 6;

    // The second branch has a right value and gradient, and no second derivative.
    private const string Wrong = """
        held = torch.detach(z)
              y = torch.sub(torch.mul(held, z), torch.mul(held, held), alpha=0.5)
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("ways-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("bool(torch.gt(self.count, 2))")]
    [InlineData("bool(self.flag)")]
    [InlineData("torch.gt(torch.sum(self.mask), 3)")]
    public void A_buffer_that_chooses_a_wrong_branch_is_noticed_at_that_checkpoint(string condition)
    {
        using var model = Load(condition);
        using var samples = Probe();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, Samples);
        for (int step = 0; step < 3; step++)
        {
            Set(objective, count: step, flag: 0, mask: 0);
            var (degradation, product) = Measure(objective);
            Assert.Null(degradation);
            AssertExact(objective, product);
        }

        Set(objective, count: 3, flag: 1, mask: 1);
        Assert.Contains(
            "are not those of its gradients",
            Measure(objective).Degradation!.FiniteDifferences,
            StringComparison.Ordinal
        );
        var refused = Assert.Throws<DerivativeException>(() => Groups(objective));
        Assert.Equal(DerivativeErrorKind.UnsupportedOperation, refused.Kind);

        // And back: what was right is so still.
        Set(objective, count: 1, flag: 0, mask: 0);
        Assert.Null(Measure(objective).Degradation);
        Groups(objective);
    }

    [Fact]
    public void A_floating_point_buffer_and_parameters_may_choose_too()
    {
        using var theta = Theta(0);
        string limit = (theta.ToArray().Sum() + 6).ToString("F3", CultureInfo.InvariantCulture);
        foreach (string condition in new[] { "self.scale, 2.", $"torch.sum(self.w), {limit}" })
        {
            using var model = Load($"bool(torch.gt({condition}))");
            using var samples = Probe();
            using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, Samples);
            Assert.Null(Measure(objective).Degradation);
            using var buffers = Vector.From([3.0], ElementType.Float64, Device.Cpu);
            objective.SetBuffers(buffers);
            Assert.NotNull(Measure(objective, shift: 1).Degradation);
        }
    }

    [Fact]
    public void A_counter_that_nothing_branches_on_costs_no_look()
    {
        using var model = Load("bool(torch.gt(self.count, 1000))");
        using var samples = Probe();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, Samples);
        for (int step = 0; step < 40; step++)
        {
            Set(objective, count: step, flag: 0, mask: 0);
            Assert.Null(Measure(objective).Degradation);
        }
    }

    [Fact]
    public void Of_very_many_ways_the_last_say_that_they_were_not_looked_at()
    {
        string steps = string.Join(
            "\n    ",
            Enumerable.Range(0, 20).Select(i => $"if bool(torch.eq(self.count, {i})):\n      y = torch.mul(y, 1.)")
        );
        using var model = Load("bool(torch.gt(self.count, 1000))", steps);
        using var samples = Probe();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, Samples);
        for (int step = 0; step < 20; step++)
        {
            Set(objective, count: step, flag: 0, mask: 0);
            const string told =
                "the program branches in so many ways that the derivatives of this one were not checked";
            Assert.Equal(step < 16 ? null : told, Measure(objective).Degradation?.ToString());
        }
    }

    private ScriptModel Load(string condition, string more = "pass")
    {
        string code = $"""
            class M(Module):
              __parameters__ = ["w", ]
              __buffers__ = ["scale", "count", "flag", "mask", ]
              w : Tensor
              scale : Tensor
              count : Tensor
              flag : Tensor
              mask : Tensor
              training : bool
              def forward(self: __torch__.M, x: Tensor) -> Tensor:
                z = torch.tanh(torch.matmul(x, self.w))
                if {condition}:
                  {Wrong}
                else:
                  y = torch.mul(torch.mul(z, z), 0.5)
                {more}
                return y

            """;
        string path = Path.Combine(_folder, $"{Guid.NewGuid():N}.pt");
        using var scope = NewDisposeScope();
        var root = HandMade.Object(
            "M",
            ("w", (arange(Inputs * Classes, float64) * 0.7).sin().reshape(Inputs, Classes)),
            ("scale", full([], 1.5, float64)),
            ("count", zeros([], ScalarType.Int64)),
            ("flag", zeros([], ScalarType.Bool)),
            ("mask", zeros([Inputs], ScalarType.Bool)),
            ("training", false)
        );
        HandMade.Write(path, code, root);
        return ScriptModel.Load(path, ElementType.Float64, Device.Cpu);
    }

    private static Samples Probe() => WaveSamples.Of(Samples, Inputs, Classes);

    private static void Set(Objective objective, long count, byte flag, byte mask)
    {
        byte[][] values = [BitConverter.GetBytes(count), [flag], [mask, mask, mask, mask]];
        objective.SetDiscretes((int number, out ReadOnlySpan<byte> bytes) =>
        {
            bytes = values[number];
            return true;
        });
    }

    private static (Degradation? Degradation, double[] Product) Measure(Objective objective, double shift = 0)
    {
        using var theta = Theta(shift);
        using var v = theta.ZerosLike();
        v.FillNormal(4);
        using var result = theta.ZerosLike();
        using var at = new Linearization(objective, theta);
        at.HessianProduct(v, result);
        return (at.Degradation, result.ToArray());
    }

    private static void Groups(Objective objective)
    {
        using var theta = Theta(0);
        using var at = new Linearization(objective, theta);
        at.GroupRayleighQuotients(GroupProduct.Hessian, SampleGroups.InOrder(Samples, 1), new double[Samples]);
    }

    private static void AssertExact(Objective objective, double[] product)
    {
        using var theta = Theta(0);
        using var v = theta.ZerosLike();
        v.FillNormal(4);
        Differences.AssertClose(Differences.HessianProduct(objective, theta, v), product, 1e-6);
    }

    private static Vector Theta(double shift)
    {
        var theta = Vector.Zeros(Inputs * Classes, ElementType.Float64, Device.Cpu);
        theta.FillNormal(3);
        using var ones = theta.ZerosLike();
        ones.Fill(1);
        theta.Add(ones, shift);
        return theta;
    }
}
