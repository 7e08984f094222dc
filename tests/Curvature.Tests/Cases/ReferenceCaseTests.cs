using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;

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

    public static TheoryData<string, ElementType, OperatorKind> EveryOperator()
    {
        var data = new TheoryData<string, ElementType, OperatorKind>();
        foreach (var name in ReferenceCase.Names)
        {
            foreach (var kind in OperatorNames.All)
            {
                data.Add(name, ElementType.Float64, kind);
                data.Add(name, ElementType.Float32, kind);
            }
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

    [Theory]
    [MemberData(nameof(EveryOperator))]
    public void Ten_largest_and_the_smallest_eigenvalue_agree(string name, ElementType type, OperatorKind kind)
    {
        using var reference = new ReferenceCase(name, type);
        var exact = reference.Eigenvalues(kind);
        var scale = Scale(reference, kind, exact);
        using var symmetric = new Disposable(reference, kind);

        // Room for every step: the smallest eigenvalue of these Gauss-Newton matrices ends a cluster at zero, which
        // restarts resolve to 1e-9 too slowly for a test.
        var options = new ExtremalOptions
        {
            Top = 10,
            Tolerance = 1e-9,
            MaximumSteps = 3000,
            MaximumVectors = 3010,
            ComputeVectors = false,
            Seed = 1,
        };
        using var result = ExtremalEigenpairs.Find(symmetric.Operator, options);

        Assert.True(result.Converged);
        Assert.Equal(10, result.Top.Count);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(exact[i], result.Top[i].Value, Tolerance(type) * scale);
        }

        Assert.Equal(exact[^1], result.LambdaMin!.Value, Tolerance(type) * scale);
    }

    [Theory]
    [MemberData(nameof(EveryOperator))]
    public void Density_moments_agree_with_the_exact_ones_within_what_one_probe_allows(
        string name,
        ElementType type,
        OperatorKind kind
    )
    {
        using var reference = new ReferenceCase(name, type);
        var exact = reference.Eigenvalues(kind);
        var scale = Scale(reference, kind, exact);
        using var symmetric = new Disposable(reference, kind);
        using var start = Vectors.StartFor(symmetric.Operator, 7);
        using var decomposition = Lanczos.Run(symmetric.Operator, start, new LanczosOptions { Steps = 20 });
        var density = SpectralDensity.From(decomposition);
        var sameStart = Vectors.Moments(symmetric.Operator, start, 6);
        for (var k = 1; k <= 6; k++)
        {
            var order = k;
            var rounding = 10 * Tolerance(type) * Math.Pow(scale, k) / Math.Sqrt(exact.Length);

            // vᵀA^k v for v uniform on the sphere: Var = 2/(P+2) (⟨λ^2k⟩ − ⟨λ^k⟩²). Where one eigenvalue carries a high
            // moment it is a chi-square of one degree of freedom, hence five deviations rather than three.
            var mean = exact.Average(value => Math.Pow(value, order));
            var variance =
                2.0 / (exact.Length + 2) * (exact.Average(value => Math.Pow(value, 2 * order)) - (mean * mean));
            Assert.Equal(mean, density.Moment(k), (5 * Math.Sqrt(variance)) + rounding);

            Assert.Equal(
                sameStart[k],
                density.Moment(k),
                (type == ElementType.Float64 ? 1e-12 : 2e-5) * Math.Pow(scale, k)
            );
        }
    }

    // The residual of a linear model is zero: what is computed is rounding of the Hessian, and that is what it must be
    // measured by.
    private static double Scale(ReferenceCase reference, OperatorKind kind, double[] exact)
    {
        var own = Matrices.NormOf(exact);
        var hessian =
            kind == OperatorKind.Residual ? Matrices.NormOf(reference.Eigenvalues(OperatorKind.Hessian)) : own;
        return own < 1e-12 * hessian ? hessian : own;
    }

    private static double Tolerance(ElementType type) => type == ElementType.Float64 ? 1e-8 : 1e-4;

    private sealed class Disposable(ReferenceCase reference, OperatorKind kind) : IDisposable
    {
        internal LinearizationOperator Operator { get; } =
            CurvatureAnalyzer.CreateOperator(kind, reference.Linearization);

        public void Dispose() => (Operator as IDisposable)?.Dispose();
    }
}
