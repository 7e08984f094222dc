using CurvatureMonitor.Curvature.Krylov;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Progress that fails at the third step.</summary>
internal sealed class FailingProgress : IProgress<LanczosProgress>
{
    public void Report(LanczosProgress value)
    {
        if (value.Step == 3)
        {
            throw new InvalidOperationException("in the middle");
        }
    }
}
