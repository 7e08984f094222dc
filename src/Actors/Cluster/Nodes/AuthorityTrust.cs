using System.Security.Cryptography.X509Certificates;

namespace CurvatureMonitor.Actors.Cluster.Nodes;

/// <summary>
/// Trusts the certificates of the cluster's authorities, while they are valid, and no others: the machine's own list of
/// authorities counts for nothing.
/// </summary>
/// <param name="authorities">The authorities' certificates: several while one follows another.</param>
internal sealed class AuthorityTrust(X509Certificate2Collection authorities)
{
    /// <summary>Why a certificate is not trusted; null where it is.</summary>
    /// <param name="certificate">The certificate; null where the other side showed none.</param>
    public string? WhyNot(X509Certificate2? certificate)
    {
        if (certificate is null)
        {
            return "shows no certificate";
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (chain.Build(certificate))
        {
            return null;
        }

        return chain.ChainStatus.Any(status => status.Status.HasFlag(X509ChainStatusFlags.NotTimeValid))
            ? "is valid no longer, or not yet"
            : "is not from the cluster's authority";
    }
}
