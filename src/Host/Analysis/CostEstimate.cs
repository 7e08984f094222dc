namespace CurvatureMonitor.Host.Analysis;

/// <summary>What an analysis of one operator is expected to cost here.</summary>
/// <param name="Analysis">The analysis, with the size that the estimate is for.</param>
/// <param name="Operator">The operator.</param>
/// <param name="Products">Curvature products.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="Bytes">Memory at the worst moment.</param>
internal sealed record CostEstimate(string Analysis, string Operator, long Products, double Seconds, long Bytes);
