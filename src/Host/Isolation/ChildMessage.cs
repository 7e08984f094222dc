namespace CurvatureMonitor.Host.Isolation;

/// <summary>The first letters of the lines that a measuring process sends.</summary>
internal static class ChildMessage
{
    /// <summary>What is under way.</summary>
    internal const char Doing = 'D';

    /// <summary>A line for standard error.</summary>
    internal const char Say = 'S';
}
