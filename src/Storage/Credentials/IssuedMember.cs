namespace CurvatureMonitor.Storage.Credentials;

/// <summary>A member whose certificate was made.</summary>
/// <param name="Identity">Who it is.</param>
/// <param name="Folder">Where its files are.</param>
/// <param name="ExpiresAt">When the certificate is over.</param>
/// <param name="HasNewKey">Whether its key was made too, and not its certificate alone.</param>
public sealed record IssuedMember(MemberIdentity Identity, string Folder, DateTimeOffset ExpiresAt, bool HasNewKey);
