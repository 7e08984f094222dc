using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace CurvatureMonitor.Intake.Http;

/// <summary>
/// The token that trainers show. Compared in a time that does not tell how much of a guess was right.
/// </summary>
internal sealed class BearerToken(string token)
{
    private const string Scheme = "Bearer ";

    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Whether a request's <c>Authorization</c> header shows the token.</summary>
    internal bool IsShownBy(HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(
                SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim())),
                _hash
            );
    }
}
