using CurvatureMonitor.Curvature.Krylov;

namespace CurvatureMonitor.Curvature.Tests.Support;

/// <summary>Progress that is told on the thread that reports it.</summary>
internal sealed class ImmediateProgress(Action<LanczosProgress> action) : IProgress<LanczosProgress>
{
    public void Report(LanczosProgress value) => action(value);
}
