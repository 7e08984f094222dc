using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Counts what the whole process holds, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(ExtremalMemoryTests), DisableParallelization = true)]
[Collection(nameof(ExtremalMemoryTests))]
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
        var live = TorchRuntime.LiveBytes;
        var most = 0L;
        var symmetric = new Vectors.FunctionOperator(Length, (v, result) =>
        {
            result.CopyFrom(v);
            result.Multiply(diagonal);
            most = Math.Max(most, TorchRuntime.LiveBytes - live);
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
        most = Math.Max(most, TorchRuntime.LiveBytes - live);

        Assert.True(result.Converged, $"{result.Products} products");
        Assert.All(top.Zip(result.Top), pair => Assert.Equal(pair.First, pair.Second.Value, 1e-8));
        Assert.All(bottom.Zip(result.Bottom), pair => Assert.Equal(pair.First, pair.Second.Value, 1e-8));
        Assert.Equal(25, result.TopVectors.Count + result.BottomVectors.Count);
        Assert.True(result.Products > 40, "the search did not need a restart");
        Assert.InRange(most, 26L * Length * sizeof(double), 40L * Length * sizeof(double));
    }

    [Fact]
    public void No_moment_of_a_search_holds_more_than_its_budget_results_included()
    {
        var entries = Matrices.Uniform(3, 400_000, 0, 1);
        using var diagonal = Vector.From(entries, ElementType.Float64, Device.Cpu);
        var symmetric = new Vectors.FunctionOperator(entries.Length, (v, result) =>
        {
            result.CopyFrom(v);
            result.Multiply(diagonal);
        });

        // The process's peak never falls, so it tells only where this search is the largest thing that ran; it is.
        // Rotating a basis takes a block of rows beside it, less than one vector here.
        foreach (var budget in new[] { 20, 30 })
        {
            var live = TorchRuntime.LiveBytes;
            var allowed = Math.Max(
                TorchRuntime.PeakBytes,
                live + ((long)budget * entries.Length * sizeof(double)) + 3_000_000
            );
            var options = new ExtremalOptions
            {
                Top = 10,
                Bottom = 3,
                MaximumSteps = 60,
                MaximumVectors = budget,
            };
            using var result = ExtremalEigenpairs.Find(symmetric, options);
            Assert.Equal(60, result.Products);
            Assert.InRange(TorchRuntime.PeakBytes, 0, allowed);
        }
    }

    [Fact]
    public void Fast_lanczos_holds_three_vectors_whatever_the_number_of_steps()
    {
        var live = TorchRuntime.LiveBytes;
        var most = 0L;
        using var start = Vectors.Random(Length, 1);
        var symmetric = new Vectors.FunctionOperator(Length, (v, result) =>
        {
            result.CopyFrom(v);
            result.Scale(0.5 + (0.1 * Math.Sin(v.Dot(start))));
            most = Math.Max(most, TorchRuntime.LiveBytes - live);
        });
        FastLanczos.Run(symmetric, start, new LanczosOptions { Steps = 50, BreakdownTolerance = 1e-300 });
        Assert.InRange(most, 1, 4L * Length * sizeof(double));
        Assert.Equal((long)Length * sizeof(double), TorchRuntime.LiveBytes - live);
    }

    [Fact]
    public void Finished_failed_cancelled_and_refused_searches_leave_nothing_behind()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random", size: 80));
        var options = new ExtremalOptions
        {
            Top = 8,
            Bottom = 2,
            Tolerance = 1e-8,
            MaximumSteps = 1000,
            MaximumVectors = 20,
            SearchComplement = true,
        };
        var (objects, bytes) = (TorchRuntime.LiveObjects, TorchRuntime.LiveBytes);
        ExtremalEigenpairs.Find(symmetric, options).Dispose();
        ExtremalEigenpairs.Find(symmetric, options with { MaximumVectors = 60, ComputeVectors = false }).Dispose();

        var failing = new Vectors.FunctionOperator(80, (v, result) =>
        {
            symmetric.Apply(v, result);
            if (symmetric.Products % 53 == 0)
            {
                result.Fill(double.NaN);
            }
        });
        Assert.Throws<NonFiniteException>(() => ExtremalEigenpairs.Find(failing, options));
        using var cancellation = new CancellationTokenSource();
        var cancelling = new Vectors.FunctionOperator(80, (v, result) =>
        {
            symmetric.Apply(v, result);
            cancellation.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() =>
            ExtremalEigenpairs.Find(cancelling, options, cancellationToken: cancellation.Token)
        );
        Assert.Throws<ArgumentException>(() => ExtremalEigenpairs.Find(symmetric, options with { MaximumVectors = 3 }));
        Assert.Equal((objects, bytes), (TorchRuntime.LiveObjects, TorchRuntime.LiveBytes));
    }
}
