namespace CurvatureMonitor.Reports.Documents;

/// <summary>How a result was made: what it takes to repeat it.</summary>
internal sealed record ProvenanceReading
{
    /// <summary>The bundle's model: a file name, or the name of a built-in one.</summary>
    public string? Model { get; init; }

    /// <summary>The loss with its options: <c>cross_entropy(ignore_index=0)</c>.</summary>
    public string? Loss { get; init; }

    /// <summary>What batch norm normalised with: <c>train</c>, <c>eval</c> or <c>recompute</c>.</summary>
    public string? BatchNorm { get; init; }

    /// <summary>Batch-norm layers that stay with their running statistics in every mode; absent where there is
    /// none.</summary>
    public IReadOnlyList<string>? FrozenBatchNorm { get; init; }

    /// <summary>The parameters that θ has; absent where it has all.</summary>
    public IReadOnlyList<string>? Trained { get; init; }

    /// <summary>What was done with the program's casts to types of less precision, <c>off</c> or <c>keep</c>, and which
    /// types those are; absent where it has none.</summary>
    public string? Autocast { get; init; }

    /// <summary>Samples a forward pass.</summary>
    public int? MicroBatch { get; init; }

    /// <summary><c>cpu</c> or <c>cuda:N</c>.</summary>
    public string? Device { get; init; }

    /// <summary>Seed of every random vector.</summary>
    public long? Seed { get; init; }

    /// <summary>Random vectors of trace and variance.</summary>
    public int? Probes { get; init; }

    /// <summary>What the variances were computed from: <c>per_sample</c> or <c>fixed_batches</c>.</summary>
    public string? VarianceForm { get; init; }

    /// <summary>
    /// False where the density was measured without reorthogonalisation; absent where the vectors were kept.
    /// </summary>
    public bool? Reorthogonalised { get; init; }

    /// <summary>Lanczos steps that were asked for, where memory allowed fewer.</summary>
    public int? StepsWanted { get; init; }

    /// <summary>Lanczos steps that memory allowed, where that is fewer than <see cref="StepsWanted"/>.</summary>
    public int? StepsAllowed { get; init; }

    /// <summary>Start vectors of the density.</summary>
    public int? DensityProbes { get; init; }

    /// <summary>What the engine gave up for want of memory or of an exact derivative.</summary>
    public DegradationReading? Degradation { get; init; }

    /// <summary>Version of libtorch.</summary>
    public string? Libtorch { get; init; }
}
