using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>A run that is cancelled.</summary>
public class LanczosCancellationTests
{
    [Fact]
    public void Cancelling_from_the_progress_callback_stops_before_the_next_product()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        using var start = Vectors.StartFor(symmetric, 1);
        using var cancellation = new CancellationTokenSource();
        var reported = new List<LanczosProgress>();
        var progress = new ImmediateProgress(step =>
        {
            reported.Add(step);
            if (step.Step == 4)
            {
                cancellation.Cancel();
            }
        });
        Assert.Throws<OperationCanceledException>(() =>
            Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 9 }, progress, cancellation.Token)
        );
        Assert.Equal(4, symmetric.Products);
        Assert.Equal([1, 2, 3, 4], reported.Select(step => step.Step));
        Assert.All(reported, step => Assert.Equal(9, step.MaximumSteps));
    }
}
