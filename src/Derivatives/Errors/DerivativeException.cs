using System.Text.RegularExpressions;

namespace CurvatureMonitor.Derivatives.Errors;

/// <summary>A derivative could not be computed; the message is one line: libtorch's first, or ours.</summary>
public sealed partial class DerivativeException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">One line for a person.</param>
    /// <param name="cause">The exception behind it, if any.</param>
    public DerivativeException(DerivativeErrorKind kind, string message, Exception? cause = null)
        : base(message, cause)
    {
        Kind = kind;
        Operation = kind == DerivativeErrorKind.UnsupportedOperation ? FindOperation(message) : null;
    }

    /// <summary>
    /// Whether the program itself is refused, whoever would run it: libtorch's interpreter is no way out of a number
    /// that it would read beyond a table for, nor of a program that does not end.
    /// </summary>
    public bool IsFinal { get; init; }

    /// <summary>What went wrong.</summary>
    public DerivativeErrorKind Kind { get; }

    /// <summary>
    /// The operation without the derivative asked for, such as <c>aten::cdist</c>; absent when libtorch names none.
    /// </summary>
    public string? Operation { get; }

    private static string? FindOperation(string message)
    {
        var match = OperationName().Match(message);
        return match.Success ? match.Groups["name"].Value : null;
    }

    [GeneratedRegex(
        @"derivative for '?(?<name>[\w:.]+)'?|forward AD with (?<name>[\w:.]+)|formula for (?<name>[\w:.]+)"
    )]
    private static partial Regex OperationName();
}
