namespace CurvatureMonitor.Storage.Bundles;

/// <summary>Where a run's model comes from.</summary>
public abstract record ModelReference
{
    private protected ModelReference() { }
}
