using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>
/// Turns what TorchSharp throws into a <see cref="DerivativeException"/> of one line and a known kind.
/// </summary>
internal static partial class LibTorchError
{
    private const string InterpreterPreamble = "The following operation failed in the TorchScript interpreter";
    private const string Cause = "Error: ";

    private static readonly (DerivativeErrorKind Kind, string[] Parts)[] Signs =
    [
        (DerivativeErrorKind.OutOfMemory, ["can't allocate memory", "out of memory", "bad_alloc"]),
        (
            DerivativeErrorKind.UnsupportedOperation,
            [
                "does not support it because it has not been implemented",
                "is not implemented",
                "does not support forward",
            ]
        ),
    ];

    /// <summary>The failure of a call of libtorch; one that is translated already stays what it is.</summary>
    internal static DerivativeException Translate(Exception exception) =>
        exception as DerivativeException
        ?? new DerivativeException(KindOf(exception.Message), FirstLine(exception.Message), exception);

    /// <summary>
    /// Forgets an error that an earlier call on this thread left unread: TorchSharp's calls that cannot fail do not
    /// reset it, and would report it as theirs.
    /// </summary>
    internal static void Forget() => _ = TakeLastError();

    [System.Runtime.InteropServices.LibraryImport("LibTorchSharp", EntryPoint = "THSTorch_get_and_reset_last_err")]
    private static partial nint TakeLastError();

    private static DerivativeErrorKind KindOf(string message) =>
        Signs
            .Where(sign => sign.Parts.Any(part => message.Contains(part, StringComparison.Ordinal)))
            .Select(sign => (DerivativeErrorKind?)sign.Kind)
            .FirstOrDefault()
        ?? DerivativeErrorKind.Native;

    // The TorchScript interpreter wraps what failed in a traceback, the cause behind the last "Error: ".
    private static string FirstLine(string message)
    {
        int cause = message.StartsWith(InterpreterPreamble, StringComparison.Ordinal)
            ? message.LastIndexOf(Cause, StringComparison.Ordinal)
            : -1;
        string rest = (cause < 0 ? message : message[(cause + Cause.Length)..]).TrimStart();
        return rest.Length == 0 ? "libtorch failed without a message" : rest.Split('\n')[0].TrimEnd();
    }
}
