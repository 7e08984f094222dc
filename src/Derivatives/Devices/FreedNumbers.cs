using System.Runtime.InteropServices;

namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>
/// Runs code of a program's own, which may call TorchSharp with numbers that a garbage collection frees while libtorch
/// reads them (<see cref="Scalars"/>). libtorch notices nearly always; the code is then run again.
/// </summary>
internal static class FreedNumbers
{
    private const int Attempts = 5;

    // A number whose memory has other content now has no known type.
    private static readonly string[] Signs = ["Unknown scalar type", "Expected false to be true, but got false"];

    /// <summary>The result of the code, which must be a function of what it is given.</summary>
    internal static T Survive<T>(Func<T> code)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return code();
            }
            catch (ExternalException exception) when (attempt < Attempts && IsSign(exception.Message))
            {
                // Again.
            }
        }
    }

    private static bool IsSign(string message) =>
        Array.Exists(Signs, sign => message.StartsWith(sign, StringComparison.Ordinal));
}
