using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Host.Configuration.Rules;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>What is measured of a checkpoint on disk. An option of an analysis asks for that analysis too.</summary>
[Section("analyze")]
internal sealed class AnalyzeOptions
{
    /// <summary>The analyses.</summary>
    [Option("--analyses", "Analyses, with commas between: {words}.")]
    [Words<AnalysisKind>(Several = true)]
    public string Analyses { get; set; } = "sharpness,spectrum,trace,variance";

    /// <summary>The operators.</summary>
    [Option("--operators", "Of {words}, with commas between.")]
    [Words<OperatorKind>(Several = true)]
    public string Operators { get; set; } = "hessian,ggn,residual";

    /// <summary>Lanczos steps at most; until the eigenvalues have converged where null.</summary>
    [Option(
        "--lanczos-steps",
        "Lanczos steps at most; without it as many as the eigenvalues need to converge, up to 1000.",
        FormerName = "--steps"
    )]
    [WholeNumber(1, int.MaxValue)]
    public int? LanczosSteps { get; set; }

    /// <summary>How many of the largest eigenvalues are reported.</summary>
    [Option("--top", "How many of the largest eigenvalues are reported.")]
    [WholeNumber(1, int.MaxValue)]
    public int Top { get; set; } = 10;

    /// <summary>Seed of everything random.</summary>
    [Option("--seed", "Seed of everything random: start vectors, probes, batches.")]
    public long Seed { get; set; }

    /// <summary>Random probes of trace, Frobenius norm and variance.</summary>
    [Option(
        "--probes",
        "Random probes of trace, Frobenius norm and variance; without it 32, and exact traces and norms for models of "
            + "at most 2500 parameters."
    )]
    [WholeNumber(2, int.MaxValue, Advice = "give a whole number of at least 2; one alone has no error bar")]
    public int? Probes { get; set; }

    /// <summary>Start vectors that a density is averaged over.</summary>
    [Option("--density-probes", "Start vectors that a density is averaged over.")]
    [WholeNumber(1, int.MaxValue)]
    public int DensityProbes { get; set; } = 1;

    /// <summary>Whether densities are measured without reorthogonalisation.</summary>
    [Option(
        "--fast",
        "Measures densities without reorthogonalisation, in the memory of three vectors; so it is done anyway where "
            + "the vectors do not fit."
    )]
    public bool Fast { get; set; }

    /// <summary>What variances are computed from; the model decides where null.</summary>
    [Option("--variance-form", "What variances are computed from: per_sample, random_batches or fixed_batches.")]
    [Words<VarianceForm>]
    public string? VarianceForm { get; set; }

    /// <summary>How many eigenvalues of each end are found; 10,10 where null.</summary>
    [Option(
        "--eigenpairs",
        "LARGEST,SMALLEST: how many eigenvalues of each end eigenpairs finds; 10,10 where nothing is said."
    )]
    [Eigenpairs]
    public string? Eigenpairs { get; set; }

    /// <summary>Residual bound of eigenpairs.</summary>
    [Option("--tolerance", "Residual bound of eigenpairs, as a share of the largest |eigenvalue|.")]
    [Number(
        0,
        1,
        IsOpen = true,
        Advice = "give a number between 0 and 1, the residual bound as a share of the largest |eigenvalue|"
    )]
    public double Tolerance { get; set; } = 1e-6;

    /// <summary>Vectors that a search for eigenvalues may hold; as many as fit where null.</summary>
    [Option("--vectors", "Vectors that a search for eigenvalues may hold; fewer cost more products.")]
    [WholeNumber(1, int.MaxValue)]
    public int? Vectors { get; set; }

    /// <summary>Curves of the density; all where null.</summary>
    [Option("--views", "Curves of the density: of {words}, with commas between.")]
    [Words<DensityView>(Several = true)]
    public string? Views { get; set; }

    /// <summary>The magnitudes between which a power law is fitted; none where null.</summary>
    [Option("--power-law", "LOW,HIGH: fits a power law to the log view between two magnitudes.")]
    [Magnitudes]
    public string? PowerLaw { get; set; }

    /// <summary>How many outliers are taken out; 10 where null.</summary>
    [Option("--deflate", "How many outliers are taken out of the deflated density and put back as atoms.")]
    [WholeNumber(1, int.MaxValue)]
    public int? Deflate { get; set; }

    /// <summary>Patterns of the modules whose blocks are measured; the model's own modules where null.</summary>
    [Option(
        "--modules",
        "Patterns of modules and parameters, with * and ? and commas between (layer1,*.attention,head.*), whose blocks "
            + "modules measures; without it those of run.json, else every module that has parameters (16 at most)."
    )]
    [ModulePatterns]
    public string? Modules { get; set; }

    /// <summary>The step that others are compared with; the first where null.</summary>
    [Option(
        "--compare",
        "The step whose eigenvectors and density tracking compares with; without it the first checkpoint that is "
            + "measured."
    )]
    public long? Compare { get; set; }

    /// <summary>Batch sizes; that of the training where null.</summary>
    [Option(
        "--batch-sizes",
        "Batch sizes of mini_batch and batch_sharpness, with commas between; without it the training's own."
    )]
    [WholeNumbers]
    public string? BatchSizes { get; set; }

    /// <summary>Random batches of each size.</summary>
    [Option("--batches", "Random batches of each size.")]
    [WholeNumber(2, int.MaxValue, Advice = "give a whole number of at least 2; one alone has no spread")]
    public int? Batches { get; set; }
}
