using System.Text;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Storage;

/// <summary>
/// A run bundle or a file of it that cannot be used. The message is one line: the file, the tensor or key concerned
/// where there is one, what is wrong with it, and how to mend it. Names that come out of files are shortened and freed
/// of control characters.
/// </summary>
public sealed class BundleException : UserErrorException
{
    private const int LongestQuotation = 120;
    private const int LongestReason = 300;

    /// <summary>Names the file, the problem and the remedy.</summary>
    /// <param name="file">The file or directory concerned.</param>
    /// <param name="item">The tensor or the key concerned; null where the whole file is.</param>
    /// <param name="problem">What is wrong with it, without a full stop.</param>
    /// <param name="remedy">What the user can do about it, without a full stop.</param>
    /// <param name="inner">The exception behind this one, if any.</param>
    public BundleException(string file, string? item, string problem, string remedy, Exception? inner = null)
        : base(
            OneLine(item is null ? $"{file}: {problem}" : $"{file}: '{Quote(item)}' {problem}"),
            OneLine(remedy),
            inner
        )
    {
        File = file;
        Item = item;
    }

    /// <summary>The file or directory concerned.</summary>
    public string File { get; }

    /// <summary>The tensor or the key concerned; null where the whole file is.</summary>
    public string? Item { get; }

    /// <summary>A file that is gone, or may not be read.</summary>
    internal static BundleException Unreadable(string file, Exception cause) =>
        new(file, null, $"cannot be read ({cause.Message})", "check that it exists and may be read", cause);

    /// <summary>Text from a file, fit to be quoted in one line.</summary>
    internal static string Quote(string text) => Cut(text, LongestQuotation);

    /// <summary>What another program's part says is wrong, which may quote the file at any length.</summary>
    internal static string Reason(Exception cause) => Cut(cause.Message, LongestReason);

    private static string Cut(string text, int longest) =>
        OneLine(text.Length <= longest ? text : text[..longest] + "…");

    private static string OneLine(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var line = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            line.Append(char.IsControl(c) ? ' ' : c);
        }

        return line.ToString();
    }
}
