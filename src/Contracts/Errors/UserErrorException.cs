namespace CurvatureMonitor.Contracts.Errors;

/// <summary>
/// Something that a person can fix: a wrong option, a file that cannot be used, a port that is taken. Commands print it
/// as one line and exit with 2; endpoints answer it as a client error. Every other exception is a bug.
/// </summary>
public class UserErrorException : Exception
{
    /// <summary>States the problem and its remedy.</summary>
    /// <param name="problem">What is wrong and where, as the first half of a sentence.</param>
    /// <param name="remedy">How to fix it, as the second half; empty where the problem already says it.</param>
    /// <param name="cause">The exception behind it, for the log; null where there is none.</param>
    public UserErrorException(string problem, string remedy = "", Exception? cause = null)
        : base(remedy.Length == 0 ? problem : $"{problem}; {remedy}", cause)
    {
        Problem = problem;
        Remedy = remedy;
    }

    /// <summary>What is wrong and where.</summary>
    public string Problem { get; }

    /// <summary>How to fix it; empty where <see cref="Problem"/> already says it.</summary>
    public string Remedy { get; }
}
