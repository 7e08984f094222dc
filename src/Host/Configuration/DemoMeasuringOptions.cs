namespace CurvatureMonitor.Host.Configuration;

/// <summary>How <see cref="DemoTrainOptions"/> are measured: often, and with little work each time.</summary>
[Section("measuring")]
internal sealed class DemoMeasuringOptions : MeasuringOptions
{
    public DemoMeasuringOptions()
    {
        Analyses = "spectrum,gradient:4,trace:8,variance:20,tracking:8";
        LanczosSteps = 10;
        OverheadBudget = "none";
    }

    /// <inheritdoc/>
    protected override int DefaultProbes => 4;
}
