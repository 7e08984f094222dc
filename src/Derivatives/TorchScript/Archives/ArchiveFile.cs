using System.Globalization;
using System.Text;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>
/// The file that is being read: it words refusals and bounds memory. All that reading allocates is counted against
/// <see cref="BytesPerByte"/> times the file's size, so that a small file cannot ask for much.
/// </summary>
/// <param name="name">The file's name, for messages.</param>
/// <param name="size">Its length in bytes.</param>
internal sealed class ArchiveFile(string name, long size)
{
    /// <summary>Bytes that may be allocated for each byte of the file.</summary>
    internal const long BytesPerByte = 10;

    /// <summary>Bytes that may be allocated for any file, however small.</summary>
    internal const long FreeBytes = 16 << 20;

    private const int LongestQuotation = 120;
    private long _left = (size * BytesPerByte) + FreeBytes;

    /// <summary>Its length in bytes.</summary>
    internal long Size => size;

    /// <summary>Counts bytes that are about to be allocated, or steps of work.</summary>
    /// <exception cref="DerivativeException">The file has used up its share.</exception>
    internal void Charge(string place, long bytes)
    {
        if (!TryCharge(bytes))
        {
            throw TooMuch(place);
        }
    }

    /// <summary>As <see cref="Charge"/>, for a caller whose place is not at hand; false instead of a refusal.</summary>
    internal bool TryCharge(long bytes)
    {
        if (bytes > _left)
        {
            return false;
        }

        _left -= bytes;
        return true;
    }

    /// <summary>The refusal of a file that has used up its share.</summary>
    internal DerivativeException TooMuch(string place) =>
        Refusal(
            place,
            $"unpacks to more than {BytesPerByte} times the file's size: it is damaged or was not written by PyTorch"
        );

    /// <summary>An exception of one line: the file, the place in it, the problem.</summary>
    internal DerivativeException Refusal(string place, string problem) =>
        new(DerivativeErrorKind.InvalidArgument, $"{Quote(name)}: {(place.Length == 0 ? "" : place + ": ")}{problem}");

    /// <summary>A refusal of a file that no PyTorch wrote like this.</summary>
    internal DerivativeException Damage(string place, string problem) =>
        Refusal(place, $"{problem}: the file is damaged; save the module again by torch.jit.save");

    /// <summary>A foreign text for a message: one line, of bounded length.</summary>
    internal static string Quote(string text)
    {
        var line = new StringBuilder();
        foreach (char c in text.Length > LongestQuotation ? text[..LongestQuotation] : text)
        {
            line.Append(
                char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029'
                    ? $"\\u{((int)c).ToString("x4", CultureInfo.InvariantCulture)}"
                    : c
            );
        }

        return text.Length > LongestQuotation ? $"{line}…" : line.ToString();
    }
}
