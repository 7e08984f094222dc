namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>
/// An analysis makes no sense for this objective, optimiser or checkpoint; trying again changes nothing.
/// </summary>
/// <param name="message">One line: the reason and how to mend it.</param>
public sealed class AnalysisRefusedException(string message) : CurvatureException(message);
