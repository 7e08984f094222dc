using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Curvature.Tests.Cases;

public class ReferenceCaseTests
{
    public static TheoryData<string, ElementType> EveryCase()
    {
        var data = new TheoryData<string, ElementType>();
        foreach (var name in ReferenceCase.Names)
        {
            data.Add(name, ElementType.Float64);
            data.Add(name, ElementType.Float32);
        }

        return data;
    }

    [Fact]
    public void The_cases_are_there() => Assert.True(ReferenceCase.Names.Count >= 5);

    [Theory]
    [MemberData(nameof(EveryCase))]
    public void Loss_and_gradient_norms_agree(string name, ElementType type)
    {
        var tolerance = Tolerance(type);
        using var reference = new ReferenceCase(name, type);
        using var gradient = reference.Theta.ZerosLike();
        reference.Linearization.CopyGradient(gradient);
        Assert.Equal(reference.Loss, reference.Linearization.Loss, tolerance * reference.Loss);
        Assert.Equal(reference.GradientNorm, gradient.Norm(), tolerance * reference.GradientNorm);
        Assert.Equal(reference.GradientMaximum, gradient.MaxAbs(), tolerance * reference.GradientMaximum);
    }

    private static double Tolerance(ElementType type) => type == ElementType.Float64 ? 1e-8 : 1e-4;
}
