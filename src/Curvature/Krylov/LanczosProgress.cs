namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>Reported after every Lanczos step.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="MaximumSteps">Steps at most.</param>
/// <param name="Alpha">α of this step.</param>
/// <param name="Beta">β of this step.</param>
public readonly record struct LanczosProgress(int Step, int MaximumSteps, double Alpha, double Beta);
