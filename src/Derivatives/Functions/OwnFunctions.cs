namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>
/// Whether this thread's passes use the differentiable functions of this project, or libtorch's alone.
/// </summary>
internal static class OwnFunctions
{
    [ThreadStatic]
    private static int _suspended;

    /// <summary>Whether they are used.</summary>
    internal static bool AreUsed => _suspended == 0;

    /// <summary>Leaves everything to libtorch until disposed: forward mode knows its operations only.</summary>
    internal static Suspension Suspend()
    {
        _suspended++;
        return new Suspension();
    }

    /// <summary>Ends a suspension.</summary>
    internal readonly struct Suspension : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => _suspended--;
    }
}
