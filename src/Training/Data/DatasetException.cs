using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Training.Data;

/// <summary>
/// A data set that cannot be read. The message is one line that says which file, what is wrong with it and how to mend
/// it.
/// </summary>
public sealed class DatasetException : UserErrorException
{
    /// <summary>Names the file, the problem and the remedy.</summary>
    /// <param name="file">The file or directory concerned.</param>
    /// <param name="problem">What is wrong with it, without a full stop.</param>
    /// <param name="remedy">What the user can do about it, without a full stop.</param>
    /// <param name="inner">The exception behind this one, if any.</param>
    public DatasetException(string file, string problem, string remedy, Exception? inner = null)
        : base($"{file}: {problem}", remedy, inner)
    {
        File = file;
    }

    /// <summary>The file or directory concerned.</summary>
    public string File { get; }
}
