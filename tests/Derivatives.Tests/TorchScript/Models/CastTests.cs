using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Models;

/// <summary>
/// Casts to narrow types are done without, or made and told apart from what is exact; never made without a word.
/// </summary>
public sealed class CastTests
{
    [Theory]
    [InlineData(CastBodies.Traced, "off (bfloat16)")]
    [InlineData(CastBodies.ByHand, "off (float16)")]
    [InlineData(CastBodies.Outputs, "off (bfloat16)")]
    [InlineData(CastBodies.Scripted, "off (bfloat16)")]
    [InlineData(CastBodies.Plain, null)]
    public void Without_casts_products_are_those_of_the_plain_program(string body, string? described)
    {
        foreach (var (type, tolerance) in new[] { (ElementType.Float64, 1e-12), (ElementType.Float32, 1e-5) })
        {
            foreach (AutocastMode? autocast in new AutocastMode?[] { null, AutocastMode.Off })
            {
                using var model = CastModels.Load(body, type, autocast);
                Assert.Null(model.FallBackReason);
                AssertClose(Product(CastBodies.Plain, type), Product(model, type), tolerance);
                string? said = described ?? (autocast is null ? null : "off");
                Assert.Equal(said, model.DescribeAutocast());
            }
        }
    }

    [Theory]
    [InlineData(CastBodies.Traced, "keep (bfloat16)", 1e-4, 0.2)]
    [InlineData(CastBodies.ByHand, "keep (float16)", 1e-5, 0.02)]
    [InlineData(CastBodies.Outputs, "keep (bfloat16)", 1e-4, 0.2)]
    public void Kept_casts_round_and_the_same_without_them_is_at_hand(
        string body,
        string described,
        double least,
        double most
    )
    {
        foreach (var (type, tolerance) in new[] { (ElementType.Float64, 1e-12), (ElementType.Float32, 1e-5) })
        {
            using var model = CastModels.Load(body, type, AutocastMode.Keep);
            Assert.Null(model.FallBackReason);
            double[] exact = Product(CastBodies.Plain, type);
            Assert.InRange(Distance(exact, Product(model, type)), least, most);
            Assert.Equal(described, model.DescribeAutocast());
            using var samples = CastModels.Probe(type);
            using var objective = CastModels.Of(model, samples);
            AssertClose(exact, Product(objective.Unrounded()!), tolerance);
        }
    }

    [Fact]
    public void A_model_whose_tensors_are_narrow_is_of_that_type_where_casts_are_kept()
    {
        using var off = CastModels.Load(CastBodies.Plain, ElementType.Float64, null, ScalarType.BFloat16);
        Assert.Equal("off (bfloat16)", off.DescribeAutocast());
        using var keep = CastModels.Load(CastBodies.Plain, ElementType.Float64, AutocastMode.Keep, ScalarType.BFloat16);
        Assert.InRange(Distance(Product(off, ElementType.Float64), Product(keep, ElementType.Float64)), 1e-4, 0.2);
    }

    [Fact]
    public void Nothing_is_kept_of_a_program_without_casts()
    {
        using var model = CastModels.Load(CastBodies.Plain, ElementType.Float64, AutocastMode.Keep);
        using var samples = CastModels.Probe(ElementType.Float64);
        using var objective = CastModels.Of(model, samples);
        Assert.Null(model.DescribeAutocast());
        Assert.Null(objective.Unrounded());
    }

    [Fact]
    public void Casts_that_only_autocast_itself_would_make_cannot_be_kept()
    {
        var refused = Assert.Throws<DerivativeException>(() =>
            CastModels.Load(CastBodies.Scripted, ElementType.Float64, AutocastMode.Keep)
        );
        Assert.Contains("trace it", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(AutocastMode.Off)]
    [InlineData(AutocastMode.Keep)]
    public void A_program_with_casts_that_libtorch_alone_could_run_is_refused(AutocastMode? autocast)
    {
        var refused = Assert.Throws<DerivativeException>(() =>
            CastModels.Load(CastBodies.Foreign, ElementType.Float32, autocast)
        );
        Assert.True(refused.IsFinal);
        Assert.Contains("casts to bfloat16", refused.Message, StringComparison.Ordinal);
    }

    private static double[] Product(string body, ElementType type)
    {
        using var model = CastModels.Load(body, type, null);
        return Product(model, type);
    }

    private static double[] Product(Model model, ElementType type)
    {
        using var samples = CastModels.Probe(type);
        using var objective = CastModels.Of(model, samples);
        return Product(objective);
    }

    private static double[] Product(Objective objective)
    {
        using var theta = Vector.Zeros(objective.ParameterCount, objective.ElementType, Device.Cpu);
        theta.FillNormal(1);
        using var v = theta.ZerosLike();
        v.FillNormal(2);
        using var result = theta.ZerosLike();
        using var at = new Linearization(objective, theta);
        at.HessianProduct(v, result);
        Assert.Null(at.Degradation);
        return result.ToArray();
    }

    private static void AssertClose(double[] expected, double[] found, double tolerance) =>
        Assert.InRange(Distance(expected, found), 0, tolerance);

    private static double Distance(double[] expected, double[] found) =>
        Math.Sqrt(expected.Zip(found, (e, f) => (e - f) * (e - f)).Sum() / expected.Sum(e => e * e));
}
