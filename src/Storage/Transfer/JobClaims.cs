namespace CurvatureMonitor.Storage.Transfer;

/// <summary>The files that a job needs, and where they can be got.</summary>
/// <param name="Source">Where from: <c>file:///…/</c>, the folder of the run's bundle, shared with the workers, or
/// <c>http(s)://…/api/blobs/</c>, to which the hash is appended.</param>
/// <param name="Run">The files of the run: manifest, model, probe set.</param>
/// <param name="Checkpoint">The files of the checkpoint.</param>
public sealed record JobClaims(Uri Source, IReadOnlyList<BlobClaim> Run, IReadOnlyList<BlobClaim> Checkpoint);
