namespace CurvatureMonitor.Host.Configuration;

/// <summary>What a member of a cluster shows the others.</summary>
[Section("cluster")]
internal sealed class CredentialsOptions
{
    /// <summary>A member's folder; none where null.</summary>
    [Option(
        "--credentials",
        "A member's folder, as 'curvature cluster init' made it: authority.pem, member.pem, member.key."
    )]
    public string? Credentials { get; set; }
}
