namespace CurvatureMonitor.Cluster.Claims;

/// <summary>A file that a job names could not be had.</summary>
/// <param name="message">One line: which file, from where, why.</param>
/// <param name="isMissing">Whether it is gone for good, so that trying again is no use: the checkpoint counts as dropped, missing.</param>
/// <param name="inner">The cause.</param>
public sealed class ClaimException(string message, bool isMissing, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the file is gone for good.</summary>
    public bool IsMissing { get; } = isMissing;
}
