using System.Text;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Cluster.Connection;

/// <summary>Who connects to the broker. Shows neither name nor password when it is printed.</summary>
internal sealed class BrokerCredentials
{
    /// <summary>The environment variable of the user's name.</summary>
    internal const string UserVariable = "CURVATURE_BROKER_USER";

    /// <summary>The environment variable of the password.</summary>
    internal const string PasswordVariable = "CURVATURE_BROKER_PASSWORD";

    private const string Guest = "guest";
    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    private BrokerCredentials(string user, string password)
    {
        User = user;
        Password = password;
    }

    internal string User { get; }

    internal string Password { get; }

    /// <summary>Finds them.</summary>
    /// <param name="inAddress">What stands before the <c>@</c> of an address; null where there is none.</param>
    /// <param name="file">The file that is named; null where none is.</param>
    /// <param name="environment">Looks environment variables up.</param>
    /// <exception cref="UserErrorException">They are not whole, or given twice.</exception>
    internal static BrokerCredentials From(string? inAddress, string? file, Func<string, string?> environment)
    {
        string? user = null,
            password = null;
        if (inAddress is not null)
        {
            string[] parts = inAddress.Split(':', 2);
            user = Decode(parts[0], "the user");
            password = parts.Length == 2 ? Decode(parts[1], "the password") : null;
        }

        if (file is not null)
        {
            return inAddress is null
                ? Read(file)
                : throw new UserErrorException(
                    $"the broker's address and the file {file} both name a user: leave the one in the address out"
                );
        }

        if (user is not null && password is not null)
        {
            return new BrokerCredentials(user, password);
        }

        string? known = Variable(UserVariable),
            secret = Variable(PasswordVariable);
        if (user is not null)
        {
            return new BrokerCredentials(
                user,
                secret
                    ?? throw new UserErrorException(
                        $"the broker's address names a user and no password: set {PasswordVariable}, or name a file of "
                            + $"credentials"
                    )
            );
        }

        return (known, secret) switch
        {
            (null, null) => new BrokerCredentials(Guest, Guest),
            (not null, not null) => new BrokerCredentials(known, secret),
            (null, _) => throw new UserErrorException($"{PasswordVariable} is set and {UserVariable} is not: set both"),
            _ => throw new UserErrorException($"{UserVariable} is set and {PasswordVariable} is not: set both"),
        };

        string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;
    }

    /// <summary>Undoes percent-encoding.</summary>
    /// <param name="text">The text.</param>
    /// <param name="what">What it is, for the message; the text itself may be secret.</param>
    /// <exception cref="UserErrorException">A <c>%</c> is not followed by two digits, or the bytes are no
    /// UTF-8.</exception>
    internal static string Decode(string text, string what)
    {
        var bytes = new List<byte>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                bytes.Add(
                    i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2])
                        ? Convert.FromHexString(text.AsSpan(i + 1, 2))[0]
                        : throw new UserErrorException(
                            $"the broker's address: {what} has a '%' without two digits after it: write it as %25"
                        )
                );
                i += 2;
            }
            else
            {
                int length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text.Substring(i, length)));
                i += length - 1;
            }
        }

        try
        {
            return Strict.GetString([.. bytes]);
        }
        catch (DecoderFallbackException exception)
        {
            throw new UserErrorException(
                $"the broker's address: {what} is no text in UTF-8 after percent-decoding",
                cause: exception
            );
        }
    }

    /// <summary>No secret.</summary>
    public override string ToString() => "broker credentials";

    private static BrokerCredentials Read(string file)
    {
        string line;
        try
        {
            line = File.ReadLines(file).FirstOrDefault()?.TrimEnd('\r') ?? string.Empty;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"the file of the broker's credentials {file}: cannot be read ({exception.Message})",
                cause: exception
            );
        }

        return line.Split(':', 2) is [{ Length: > 0 } user, { Length: > 0 } password]
            ? new BrokerCredentials(user, password)
            : throw new UserErrorException(
                $"the file of the broker's credentials {file}: write user:password in its first line"
            );
    }
}
