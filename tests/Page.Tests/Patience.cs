namespace CurvatureMonitor.Page.Tests;

/// <summary>How long a test waits for what must happen before it fails; far longer than it takes.</summary>
internal static class Patience
{
    internal const int Milliseconds = 180_000;
}
