using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Devices;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>No moment of a search is above its budget.</summary>
[Collection(nameof(Alone))]
public class ExtremalBudgetTests
{
    private const int Length = 20_000;

    [Fact]
    public void No_moment_of_a_search_holds_more_than_its_budget_results_included()
    {
        var entries = Matrices.Uniform(3, 400_000, 0, 1);
        using var diagonal = Vector.From(entries, ElementType.Float64, Device.Cpu);
        var symmetric = new FunctionOperator(entries.Length, (v, result) =>
        {
            result.CopyFrom(v);
            result.Multiply(diagonal);
        });

        // Rotating a basis takes a block of rows beside it, less than one vector here.
        foreach (var budget in new[] { 20, 30 })
        {
            using var memory = new MemoryScope();
            var options = new ExtremalOptions
            {
                Top = 10,
                Bottom = 3,
                MaximumSteps = 60,
                MaximumVectors = budget,
            };
            using var result = ExtremalEigenpairs.Find(symmetric, options);
            Assert.Equal(60, result.Products);
            Assert.InRange(memory.Peak, 1, ((long)budget * entries.Length * sizeof(double)) + 3_000_000);
        }
    }
}
