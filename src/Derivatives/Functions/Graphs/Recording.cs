namespace CurvatureMonitor.Derivatives.Functions.Graphs;

/// <summary>Whether this thread records derivatives; <c>using (Recording.Pause())</c> stops it for a block.</summary>
internal readonly ref struct Recording
{
    private readonly byte _before;

    private Recording(byte before) => _before = before;

    internal static bool IsOn => NodeExports.IsRecording() != 0;

    internal static Recording Pause()
    {
        var pause = new Recording(NodeExports.IsRecording());
        NodeExports.SetRecording(0);
        return pause;
    }

    /// <summary>Records as before.</summary>
    public void Dispose() => NodeExports.SetRecording(_before);
}
