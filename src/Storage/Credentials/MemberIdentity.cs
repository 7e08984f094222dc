using System.Net;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Storage.Credentials;

/// <summary>Who a certificate is about.</summary>
/// <param name="Name">The member's name, and that of its folder.</param>
/// <param name="Role">What it does.</param>
/// <param name="Addresses">The names and IP addresses by which others reach it; its name among them.</param>
public sealed record MemberIdentity(string Name, MemberRole Role, IReadOnlyList<string> Addresses)
{
    // A common name has at most 64 characters, a label of a host name 63.
    private const int LongestName = 63;

    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "::1"];

    /// <summary>A member that is reached on its own machine, under its name.</summary>
    /// <param name="role">What it does.</param>
    public static MemberIdentity Local(MemberRole role)
    {
        string name = role.ToString().ToLowerInvariant();
        return new MemberIdentity(name, role, [.. Addressable(name), .. Addressable(Dns.GetHostName()), .. Loopback]);
    }

    /// <summary>Reads what a person writes: the name, then further names and addresses, with commas between.</summary>
    /// <param name="text">Such as <c>monitor.lan,10.0.0.5</c>.</param>
    /// <param name="role">What the member does.</param>
    /// <exception cref="UserErrorException">It is no such list.</exception>
    public static MemberIdentity Parse(string text, MemberRole role)
    {
        ArgumentNullException.ThrowIfNull(text);
        string option = $"--{role.ToString().ToLowerInvariant()} {text}";
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || !IsName(parts[0]))
        {
            throw new UserErrorException(
                $"{option}: a member's name has at most {LongestName} letters, digits, hyphens, dots and underscores",
                "give its host name, and after a comma an address that is none, such as monitor,fe80::1"
            );
        }

        if (string.Equals(parts[0], CredentialFiles.AuthorityFolder, StringComparison.OrdinalIgnoreCase))
        {
            throw new UserErrorException($"{option}: this folder is the authority's", "choose another name");
        }

        if (parts.FirstOrDefault(part => part != parts[0] && !IsAddress(part)) is { } wrong)
        {
            throw new UserErrorException($"{option}: '{wrong}' is neither a host name nor an IP address");
        }

        return new MemberIdentity(parts[0], role, [.. Addressable(parts[0]), .. parts[1..], .. Loopback]);
    }

    /// <summary>Whether a text is a host name or an IP address.</summary>
    internal static bool IsAddress(string text) =>
        Uri.CheckHostName(text) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6;

    private static bool IsName(string text) =>
        text.Length <= LongestName
        && char.IsAsciiLetterOrDigit(text[0])
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_');

    // A name with an underscore is no host name, and none that others could look up.
    private static string[] Addressable(string name) => IsAddress(name) ? [name] : [];
}
