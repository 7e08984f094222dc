using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Analyses;

/// <content>Programs whose casts to types of less precision are kept.</content>
public sealed partial class AnalysisContext
{
    private Linearization? _exactLinearization;
    private AnalysisContext? _exact;
    private bool _isExact;

    /// <summary>
    /// The same checkpoint without the program's casts to types of less precision; null where none are made.
    /// </summary>
    internal AnalysisContext? Exact => _isExact ? null : _exact ??= MakeExact();

    /// <summary>
    /// Measures, and where the program's casts are kept measures without them too, so that error bars cover what they
    /// round.
    /// </summary>
    /// <typeparam name="T">The measurement.</typeparam>
    /// <param name="measure">Makes it of a context.</param>
    /// <param name="widen">Widens the error bars of the first by the second, which has no casts.</param>
    internal T Covering<T>(Func<AnalysisContext, T> measure, Func<T, T, T> widen)
    {
        // First without: derivatives that are refused are refused there.
        return Exact is { } exact && measure(exact) is var other ? widen(measure(this), other) : measure(this);
    }

    /// <summary>An objective as this context measures it.</summary>
    internal Objective Own(Objective objective) => _isExact ? objective.Unrounded() ?? objective : objective;

    private AnalysisContext? MakeExact()
    {
        if (Linearization.Objective.Unrounded() is not { } objective)
        {
            return null;
        }

        _exactLinearization = Settings.Linearize(objective, Checkpoint.Theta);
        return new AnalysisContext
        {
            Linearization = _exactLinearization,
            Checkpoint = Checkpoint,
            Settings = Settings,
            Memory = Memory.Exact,
            Analyses = Analyses,
            Optimizer = Optimizer,
            Time = Time,
            Batches = Batches,
            Progress = Progress,
            Cancellation = Cancellation,
            _isExact = true,
        };
    }

    private void DisposeExact()
    {
        _exact?.Dispose();
        _exactLinearization?.Dispose();
        (_exact, _exactLinearization) = (null, null);
    }

    private KrylovFindings Find(OperatorKind kind)
    {
        var exact = Exact?.Krylov(kind);
        var found = SpectrumAnalysis.Find(this, kind);
        if (exact is not null)
        {
            found.Widen(exact);
        }

        return found;
    }

    private void Forget(OperatorKind kind)
    {
        if (_findings.Remove(kind, out var findings))
        {
            findings.Dispose();
        }

        _exact?.Forget(kind);
    }
}
