using System.Text.RegularExpressions;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>Names of classes that are made of names of models and modules.</summary>
internal static partial class ClassName
{
    /// <summary>
    /// An identifier: <c>cnn-bn</c> becomes <c>cnn_bn</c>; a digit, or nothing, gets a <c>_</c> before it.
    /// </summary>
    internal static string From(string name)
    {
        string plain = NoIdentifier().Replace(name, "_");
        return plain.Length == 0 || char.IsAsciiDigit(plain[0]) ? "_" + plain : plain;
    }

    /// <summary>Whether a name can stand in a program as it is.</summary>
    internal static bool IsIdentifier(string name) => From(name) == name;

    [GeneratedRegex("[^A-Za-z0-9_]")]
    private static partial Regex NoIdentifier();
}
