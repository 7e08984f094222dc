namespace CurvatureMonitor.Storage.Bundles;

/// <summary>A tensor of a probe set's file beside inputs and targets.</summary>
/// <param name="Shape">Its shape.</param>
/// <param name="Values">Its numbers, row-major.</param>
public sealed record ProbeTensor(IReadOnlyList<long> Shape, IReadOnlyList<double> Values);
