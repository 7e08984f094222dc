using Microsoft.AspNetCore.Http.Features;

namespace CurvatureMonitor.Host.Http;

/// <summary>Reads the name of a run from the path of a request.</summary>
internal static class RunRoute
{
    private const int Segment = 3;

    /// <summary>
    /// The run named in <c>/api/runs/{run}/…</c>. The name is taken from the request line: the server leaves <c>%2F</c>
    /// undecoded in the path it routes by, so there a name with a slash could not be told from one that contains the
    /// three characters <c>%2F</c>.
    /// </summary>
    public static string Name(HttpContext context, string routed)
    {
        string? target = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (string.IsNullOrEmpty(target) || target[0] != '/')
        {
            return routed;
        }

        string[] segments = target.Split('?')[0].Split('/');
        return segments.Length > Segment ? Uri.UnescapeDataString(segments[Segment]) : routed;
    }
}
