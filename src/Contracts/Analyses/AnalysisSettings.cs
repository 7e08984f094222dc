namespace CurvatureMonitor.Contracts.Analyses;

/// <summary>
/// How checkpoints are measured: equal settings on an equal checkpoint give equal spectra, whatever was measured
/// before.
/// </summary>
public sealed record AnalysisSettings
{
    /// <summary>The operators measured, in this order.</summary>
    public IReadOnlyList<OperatorKind> Operators { get; init; } = [OperatorKind.Hessian, OperatorKind.GaussNewton];

    /// <summary>m, Lanczos steps of a spectrum, and at most of a sharpness.</summary>
    public int LanczosSteps { get; init; } = 32;

    /// <summary>How many of the largest eigenvalues a spectrum reports.</summary>
    public int TopEigenvalues { get; init; } = 10;

    /// <summary>Residual bound, relative to max |λ|, at which a sharpness counts as converged.</summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>
    /// Random probes of a trace and of a variance: a product each for a trace, about two for a variance.
    /// </summary>
    public int Probes { get; init; } = 8;

    /// <summary>How many of the largest eigenvectors are tracked.</summary>
    public int TrackedEigenvectors { get; init; } = 4;

    /// <summary>Batches that a batch sharpness is averaged over.</summary>
    public int SharpnessBatches { get; init; } = 16;

    /// <summary>Seed of the start vectors, the same for every checkpoint of a run.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// Whether a sharpness starts from the seeded vector, as a spectrum does, and not from what was found before: its
    /// last digits then depend on the checkpoint alone, whoever measures it.
    /// </summary>
    public bool ColdStart { get; init; }

    /// <summary>
    /// Bytes that retained gradient graphs may take; micro-batches beyond it rebuild theirs at every product.
    /// </summary>
    public long RetainBytes { get; init; } = long.MaxValue;

    /// <summary>
    /// Bytes that one job's linearization may use at any moment; beyond it the job fails as out of memory.
    /// </summary>
    public long LimitBytes { get; init; } = long.MaxValue;

    /// <summary>Makes sure that a checkpoint can be measured so.</summary>
    /// <exception cref="ArgumentException">It cannot; the message says which setting and how to mend it.</exception>
    public void Validate()
    {
        if (Operators.Count == 0 || Operators.Distinct().Count() != Operators.Count)
        {
            throw new ArgumentException("operators: name at least one of hessian, ggn, residual, each once");
        }

        if (LanczosSteps < 1)
        {
            throw new ArgumentException($"Lanczos steps are {LanczosSteps}: give a whole number of at least 1");
        }

        if (TopEigenvalues < 1)
        {
            throw new ArgumentException($"top eigenvalues are {TopEigenvalues}: give a whole number of at least 1");
        }

        if (!(Tolerance > 0) || !double.IsFinite(Tolerance))
        {
            throw new ArgumentException($"the tolerance is {Tolerance}: give a number above 0");
        }

        if (Probes < 2)
        {
            throw new ArgumentException($"probes are {Probes}: give a whole number of at least 2");
        }

        if (TrackedEigenvectors < 1 || SharpnessBatches < 2)
        {
            throw new ArgumentException(
                $"tracked eigenvectors are {TrackedEigenvectors}, batches {SharpnessBatches}: give at least 1 and 2"
            );
        }

        if (RetainBytes < 0 || LimitBytes < 1)
        {
            throw new ArgumentException("the memory budget is below 1 byte: give more, or leave it out");
        }
    }
}
