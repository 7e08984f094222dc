using System.Globalization;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.TorchScript.Syntax;

/// <summary>Numbers: integers of 64 bits and floating-point numbers.</summary>
internal static class NumberLiteral
{
    /// <summary>The number as a <see cref="long"/> or a <see cref="double"/>.</summary>
    /// <exception cref="DerivativeException">It is neither.</exception>
    internal static object Read(Token token)
    {
        string text = token.Text.Replace("_", string.Empty, StringComparison.Ordinal);
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return long.TryParse(
                text.AsSpan(2),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out long code
            )
                ? code
                : throw Error(token);
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long integer))
        {
            return integer;
        }

        // −2⁶³ is written as minus a number that has no 64 bits.
        if (text == "9223372036854775808")
        {
            return long.MinValue;
        }

        return
            text.AsSpan().IndexOfAny(".eE") >= 0
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real)
            ? real
            : throw Error(token);
    }

    private static DerivativeException Error(Token token) =>
        token.Place.Error($"'{token.Text}' is no number of 64 bits");
}
