using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Restarted searches against dense eigenvalues.</summary>
public class ThickRestartDenseTests
{
    [Fact]
    public void Ends_of_any_spectrum_agree_with_the_dense_eigenvalues() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<int>(),
                Gen.Choose(12, 60).ToArbitrary(),
                Gen.Choose(0, 3).ToArbitrary(),
                (seed, size, kind) =>
                {
                    // Indefinite; with repeated values, with values that nearly agree, on very different scales, or
                    // with nothing special.
                    var random = new Random(seed);
                    double[] eigenvalues =
                    [
                        .. Matrices
                            .Uniform(seed, size, -4, 6)
                            .Select(value =>
                                kind switch
                                {
                                    0 => Math.Round(value),
                                    1 => Math.Round(value) + (1e-7 * random.NextDouble()),
                                    2 => Math.Sign(value) * Math.Exp(3 * Math.Abs(value)),
                                    _ => value,
                                }
                            ),
                    ];
                    using var symmetric = Matrices.Operator(Matrices.WithEigenvalues(eigenvalues, seed));
                    var options = new ExtremalOptions
                    {
                        Top = 4,
                        Bottom = 3,
                        Tolerance = 1e-9,
                        MaximumSteps = 3000,
                        MaximumVectors = 18,
                        Seed = seed,
                        SearchComplement = true,
                    };
                    using var result = ExtremalEigenpairs.Find(symmetric, options);
                    Array.Sort(eigenvalues);
                    var allowed = 3e-9 * Matrices.NormOf(eigenvalues);
                    return result.Converged
                        && result
                            .Top.Select((pair, i) => Math.Abs(pair.Value - eigenvalues[^(i + 1)]))
                            .All(error => error <= allowed)
                        && result
                            .Bottom.Select((pair, i) => Math.Abs(pair.Value - eigenvalues[i]))
                            .All(error => error <= allowed);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));
}
