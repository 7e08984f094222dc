namespace CurvatureMonitor.Host.Tests.Http;

/// <summary>How long a test waits for what must happen before it fails; far longer than it takes.</summary>
internal static class TestPatience
{
    internal static TimeSpan Limit { get; } = TimeSpan.FromMinutes(3);
}
