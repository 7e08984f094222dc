using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Training.Arguments;

/// <summary>
/// What was asked for cannot be trained as written. The message is one line for the person who wrote it: what is wrong,
/// where, and how to mend it.
/// </summary>
public sealed class TrainingConfigurationException : UserErrorException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One line: what is wrong, where, how to mend it.</param>
    public TrainingConfigurationException(string message)
        : base(message) { }

    /// <summary>Creates the exception with the failure that revealed the mistake.</summary>
    /// <param name="message">One line: what is wrong, where, how to mend it.</param>
    /// <param name="innerException">The failure underneath.</param>
    public TrainingConfigurationException(string message, Exception innerException)
        : base(message, cause: innerException) { }
}
