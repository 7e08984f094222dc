namespace CurvatureMonitor.Contracts.Models;

/// <summary>An objective at one θ.</summary>
/// <param name="Loss">L(θ), the mean over the samples.</param>
/// <param name="Accuracy">The share of samples whose largest output is the target's class, 0 to 1; absent for a
/// regression.</param>
public sealed record Evaluation(double Loss, double? Accuracy);
