namespace CurvatureMonitor.Actors;

/// <summary>The kinds of measurement that a run can ask for.</summary>
public enum AnalysisKind
{
    /// <summary>Density, largest eigenvalues, ends and trace by Lanczos from the run's seeded start vector; never warm-started.</summary>
    Spectrum,

    /// <summary>The ends of the spectrum to a tolerance, started from the Ritz vectors of the checkpoint measured before.</summary>
    Sharpness,
}
