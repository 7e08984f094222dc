using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>The secret that trainers and workers show to a host.</summary>
[Section("access")]
internal sealed class AccessOptions
{
    /// <summary>The file; the environment has the token where null.</summary>
    [Option(
        "--token-file",
        "A file with the token that trainers send and that hosts ask workers for; without it the environment's "
            + "CURVATURE_TOKEN. A host needs one unless it is bound to loopback."
    )]
    public string? TokenFile { get; set; }

    /// <summary>The token; null where there is none.</summary>
    /// <exception cref="UserErrorException">The file has none.</exception>
    internal string? ReadToken() => AccessToken.Read(TokenFile);
}
