namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>The diagonal block of one module's parameters.</summary>
/// <param name="Module">The module's path, or the pattern that names it.</param>
/// <param name="Parameters">How many parameters it has.</param>
/// <param name="LambdaMax">The block's largest eigenvalue with its residual bound.</param>
/// <param name="Trace">The block's trace with its standard error.</param>
public sealed record ModuleCurvature(string Module, long Parameters, Estimate LambdaMax, Estimate Trace);
