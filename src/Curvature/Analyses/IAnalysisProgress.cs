using CurvatureMonitor.Curvature.Krylov;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>Notified of what is being measured, and of what a user must know about it.</summary>
public interface IAnalysisProgress : IProgress<LanczosProgress>
{
    /// <summary>A part of a measurement begins.</summary>
    /// <param name="part">The part, such as <c>hessian spectrum</c>.</param>
    void Begin(string part);

    /// <summary>Something could not be measured as asked.</summary>
    /// <param name="text">One line: the reason, and how to mend it where that is known.</param>
    void Note(string text);
}
