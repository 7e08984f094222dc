using System.Text.RegularExpressions;

namespace CurvatureMonitor.Torch;

/// <summary>A native call failed; the message is one line: libtorch's first, or ours.</summary>
public sealed partial class TorchException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">One line for a person.</param>
    public TorchException(TorchErrorKind kind, string message)
        : base(message)
    {
        Kind = kind;
        Operation = kind == TorchErrorKind.UnsupportedOperation ? FindOperation(message) : null;
    }

    /// <summary>What went wrong.</summary>
    public TorchErrorKind Kind { get; }

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
