namespace CurvatureMonitor.Storage.Transfer;

/// <summary>A file that a message names in place of carrying it: a claim check.</summary>
/// <param name="Name">Its path within the run bundle, with forward slashes, for example
/// <c>checkpoints/step-000000100.safetensors</c>.</param>
/// <param name="Sha256">SHA-256 of its content, 64 lower-case hexadecimal digits: what a worker got is the file if and
/// only if this agrees.</param>
/// <param name="Bytes">Its length.</param>
public sealed record BlobClaim(string Name, string Sha256, long Bytes);
