using System.Diagnostics;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Bench;

/// <summary>
/// A whole Lanczos run on the Hessian, from the loaded model on: the linearization and its graphs, the products, the
/// orthogonalisation, the tridiagonal problem.
/// </summary>
/// <param name="Model">The model.</param>
/// <param name="Steps">m, the number of products.</param>
/// <param name="Seconds">The whole run.</param>
/// <param name="GradientSeconds">The mean of gradients taken between the products of the same run; not part of
/// <paramref name="Seconds"/>.</param>
/// <param name="Gradients">The one over the other.</param>
/// <param name="ShareOutsideProducts">Of the time of the steps, what no product took.</param>
internal sealed record LanczosCosts(
    string Model,
    int Steps,
    double Seconds,
    double GradientSeconds,
    double Gradients,
    double ShareOutsideProducts
)
{
    internal static LanczosCosts Measure(Workload workload, int steps, Action<string> progress)
    {
        using var objective = workload.CreateObjective();
        using var scratch = workload.Theta.ZerosLike();
        objective.Gradient(workload.Theta, scratch);

        long started = Stopwatch.GetTimestamp();
        using var linearization = new Linearization(objective, workload.Theta);
        var timed = new TimedOperator(new HessianOperator(linearization), () =>
            objective.Gradient(workload.Theta, scratch)
        );
        using var start = workload.Theta.ZerosLike();
        start.FillNormal(1);
        long stepping = Stopwatch.GetTimestamp();
        using (Lanczos.Run(timed, start, new LanczosOptions { Steps = steps }, new Progress(progress, steps))) { }

        double stepSeconds = Stopwatch.GetElapsedTime(stepping).TotalSeconds - timed.BaselineSeconds;
        double total = Stopwatch.GetElapsedTime(started).TotalSeconds - timed.BaselineSeconds;
        double gradient = timed.BaselineSeconds / timed.Baselines;
        return new LanczosCosts(
            workload.Name,
            steps,
            total,
            gradient,
            total / gradient,
            1 - (timed.Seconds / stepSeconds)
        );
    }

    private sealed class Progress(Action<string> tell, int steps) : IProgress<LanczosProgress>
    {
        private int _done;

        public void Report(LanczosProgress value) => tell($"step {++_done} of {steps}");
    }

    /// <summary>Times the products, and before every other one the baseline.</summary>
    private sealed class TimedOperator(ISymmetricOperator inner, Action baseline) : ISymmetricOperator
    {
        private const int Every = 2;
        private int _applied;

        internal double Seconds { get; private set; }

        internal double BaselineSeconds { get; private set; }

        internal int Baselines { get; private set; }

        public string Name => inner.Name;

        public long Dimension => inner.Dimension;

        public ElementType ElementType => inner.ElementType;

        public Device Device => inner.Device;

        public long Products => inner.Products;

        public void Apply(Vector v, Vector result)
        {
            if (_applied++ % Every == 0)
            {
                BaselineSeconds += Stopwatches.Seconds(baseline);
                Baselines++;
            }

            Seconds += Stopwatches.Seconds(() => inner.Apply(v, result));
        }
    }
}
