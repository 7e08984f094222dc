using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Storage.Transfer;

/// <summary>A file that a job names could not be had.</summary>
/// <param name="message">One line: which file, from where, why.</param>
/// <param name="isMissing">Whether it is gone for good, so that trying again is no use: the checkpoint counts as
/// dropped, missing.</param>
/// <param name="inner">The cause.</param>
/// <param name="isHostAway">Whether its host did not answer: it may be back soon, with the file.</param>
public sealed class ClaimException(string message, bool isMissing, Exception? inner = null, bool isHostAway = false)
    : UserErrorException(message, cause: inner)
{
    /// <summary>Whether the host did not answer.</summary>
    public bool IsHostAway { get; } = isHostAway;

    /// <summary>Whether the file is gone for good.</summary>
    public bool IsMissing { get; } = isMissing;
}
