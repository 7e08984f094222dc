namespace CurvatureMonitor.Contracts.Runs;

/// <summary>The path of a run in the HTTP interface, <c>/api/runs/{run}/…</c>.</summary>
public static class RunPath
{
    private const string Runs = "/api/runs/";

    /// <summary>
    /// The run that a request is about. The name is taken from the request line: the server leaves <c>%2F</c> undecoded
    /// in the path that it routes by, so there a name with a slash could not be told from one that contains the three
    /// characters <c>%2F</c>.
    /// </summary>
    /// <param name="target">The path in the request line, as it was sent; null where it is not known.</param>
    /// <param name="routed">The name in the path that the server routed by.</param>
    public static string NameIn(string? target, string routed)
    {
        ArgumentNullException.ThrowIfNull(routed);
        string path = (target ?? string.Empty).Split('?')[0];
        int runs = path.StartsWith('/') ? path.IndexOf(Runs, StringComparison.OrdinalIgnoreCase) : -1;
        return runs < 0 ? routed : Uri.UnescapeDataString(path[(runs + Runs.Length)..].Split('/')[0]);
    }
}
