namespace CurvatureMonitor.Storage.Transfer;

/// <summary>The worker's own disk failed, and not the source.</summary>
internal sealed class BlobWriteException(IOException inner) : IOException(inner.Message, inner);
