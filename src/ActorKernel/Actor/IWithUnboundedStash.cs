namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// An actor that wants a stash. The runtime sets it after construction: it cannot be used in the constructor.
/// </summary>
public interface IWithUnboundedStash
{
    /// <summary>The stash.</summary>
    IStash Stash { get; set; }
}
