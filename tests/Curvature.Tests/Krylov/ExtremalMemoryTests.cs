using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Devices;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Counts what the whole process holds, so nothing else may run meanwhile.</summary>
[Collection(nameof(Alone))]
public class ExtremalMemoryTests
{
    private const int Length = 20_000;

    [Fact]
    public void Twenty_and_five_pairs_with_a_tight_cluster_are_found_to_1e_8_with_forty_vectors_in_memory()
    {
        // Eight of the twenty largest lie within 1e-6 of each other, three of the five smallest within 1e-7; the bulk
        // has no gaps.
        double[] top =
        [
            10,
            9,
            8.5,
            8,
            7,
            6,
            .. Enumerable.Range(0, 8).Select(i => 5 - (1.2e-7 * i)),
            4,
            3.5,
            3,
            2.8,
            2.6,
            2.5,
        ];
        double[] bottom = [-3, -2.5, -2, -2 + 4e-8, -2 + 9e-8];
        var entries = Matrices.Uniform(3, Length, -1, 2);
        top.CopyTo(entries, 4000);
        bottom.CopyTo(entries, 9000);
        using var diagonal = Vector.From(entries, ElementType.Float64, Device.Cpu);
        using var memory = new MemoryScope();
        long most = 0;
        var symmetric = new FunctionOperator(Length, (v, result) =>
        {
            result.CopyFrom(v);
            result.Multiply(diagonal);
            most = Math.Max(most, memory.Net);
        });
        var options = new ExtremalOptions
        {
            Top = 20,
            Bottom = 5,
            Tolerance = 1e-9,
            MaximumSteps = 2000,
            MaximumVectors = 40,
        };
        using var result = ExtremalEigenpairs.Find(symmetric, options);
        most = Math.Max(most, memory.Net);

        Assert.True(result.Converged, $"{result.Products} products");
        Assert.All(top.Zip(result.Top), pair => Assert.Equal(pair.First, pair.Second.Value, 1e-8));
        Assert.All(bottom.Zip(result.Bottom), pair => Assert.Equal(pair.First, pair.Second.Value, 1e-8));
        Assert.Equal(25, result.TopVectors.Count + result.BottomVectors.Count);
        Assert.True(result.Products > 40, "the search did not need a restart");
        Assert.InRange(most, 26L * Length * sizeof(double), 40L * Length * sizeof(double));
    }
}
