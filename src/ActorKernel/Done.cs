namespace CurvatureMonitor.ActorKernel;

/// <summary>The result of an asynchronous step that has none: it is done. Mirror of <c>Akka.Done</c>.</summary>
public sealed class Done
{
    private Done() { }

    /// <summary>The only value.</summary>
    public static readonly Done Instance = new();
}
