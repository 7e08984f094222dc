namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>
/// Tests that compare float32 to the last bit, or where rounding decides which entry of a pool is the largest: others
/// switch oneDNN off and on for the whole process meanwhile, and other kernels round differently.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
