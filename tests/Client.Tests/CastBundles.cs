namespace CurvatureMonitor.Client.Tests;

/// <summary>
/// The bundles that <c>casts.py</c> writes with the client, of models that compute in narrow types, and what PyTorch
/// says of each in float64 without the rounding; made once for all tests.
/// </summary>
public sealed class CastBundles : ModelBundles
{
    /// <inheritdoc/>
    protected override string Script => "casts.py";
}
