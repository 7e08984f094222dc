using System.Diagnostics;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Bench;

/// <summary>The share of a Lanczos run that is not the operator's product: orthogonalisation, norms, the tridiagonal problem.</summary>
internal sealed record LanczosOverhead(string Model, int Steps, double Seconds, double ShareOutsideProducts)
{
    internal static LanczosOverhead Measure(Workload workload, int steps, Action<string> progress)
    {
        using var objective = workload.CreateObjective();
        using var linearization = new Linearization(objective, workload.Theta);
        var timed = new TimedOperator(new HessianOperator(linearization));
        using var start = workload.Theta.ZerosLike();
        start.FillNormal(1);
        using (var warmUp = workload.Theta.ZerosLike())
        {
            timed.Apply(start, warmUp);
        }

        timed.Reset();
        long started = Stopwatch.GetTimestamp();
        using (Lanczos.Run(timed, start, new LanczosOptions { Steps = steps }, new Progress(progress, steps)))
        {
        }

        double total = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new LanczosOverhead(workload.Name, steps, total, 1 - (timed.Seconds / total));
    }

    private sealed class Progress(Action<string> tell, int steps) : IProgress<LanczosProgress>
    {
        private int _done;

        public void Report(LanczosProgress value) => tell($"step {++_done} of {steps}");
    }

    private sealed class TimedOperator(ISymmetricOperator inner) : ISymmetricOperator
    {
        internal double Seconds { get; private set; }

        public string Name => inner.Name;

        public long Dimension => inner.Dimension;

        public ElementType ElementType => inner.ElementType;

        public Device Device => inner.Device;

        public long Products => inner.Products;

        public void Apply(Vector v, Vector result) => Seconds += Stopwatches.Seconds(() => inner.Apply(v, result));

        internal void Reset() => Seconds = 0;
    }
}
