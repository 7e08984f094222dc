using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Devices;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Searches give back what they took.</summary>
[Collection(nameof(Alone))]
public class ExtremalLeakTests
{
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
        long objects = TorchRuntime.LiveObjects;
        using var memory = new MemoryScope();
        ExtremalEigenpairs.Find(symmetric, options).Dispose();
        ExtremalEigenpairs.Find(symmetric, options with { MaximumVectors = 60, ComputeVectors = false }).Dispose();

        var failing = new FunctionOperator(80, (v, result) =>
        {
            symmetric.Apply(v, result);
            if (symmetric.Products % 53 == 0)
            {
                result.Fill(double.NaN);
            }
        });
        Assert.Throws<NonFiniteException>(() => ExtremalEigenpairs.Find(failing, options));
        using var cancellation = new CancellationTokenSource();
        var cancelling = new FunctionOperator(80, (v, result) =>
        {
            symmetric.Apply(v, result);
            cancellation.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() =>
            ExtremalEigenpairs.Find(cancelling, options, cancellationToken: cancellation.Token)
        );
        Assert.Throws<ArgumentException>(() => ExtremalEigenpairs.Find(symmetric, options with { MaximumVectors = 3 }));
        Assert.Equal((objects, 0), (TorchRuntime.LiveObjects, memory.Net));
    }
}
