using System.CommandLine;
using System.Globalization;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Host.Analysis;

namespace CurvatureMonitor.Host.Commands;

/// <summary>What <c>curvature analyze</c> measures. An option of an analysis asks for that analysis too.</summary>
internal sealed class AnalysisArguments
{
    private static readonly AnalysisSettings Usual = AnalysisSettings.Thorough;
    private static readonly Dictionary<string, OperatorKind> OperatorKinds = OperatorNames.All.ToDictionary(
        kind => kind.Label(),
        StringComparer.Ordinal
    );
    private static readonly Dictionary<string, VarianceForm> Forms = Enum.GetValues<VarianceForm>()
        .ToDictionary(form => form.Label(), StringComparer.Ordinal);

    private static readonly Dictionary<string, DensityView> DensityViews = Enum.GetValues<DensityView>()
        .ToDictionary(view => view.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    private readonly Option<string> _analyses = new("--analyses")
    {
        Description =
            $"Of {string.Join(", ", AnalysisKindNames.Saved.Keys)}, with commas between; the first four where nothing "
                + $"is "
            + $"said.",
        DefaultValueFactory = _ => string.Join(',', AnalysisRequest.DefaultAnalyses.Select(kind => kind.Label())),
    };

    private readonly Option<string> _operators = new("--operators")
    {
        Description = "Of hessian, ggn, residual, with commas between.",
        DefaultValueFactory = _ => string.Join(',', OperatorKinds.Keys),
    };

    private readonly Option<int?> _steps = new("--steps")
    {
        Description =
            $"Lanczos steps at most; without it as many as the eigenvalues need to converge, up to "
            + $"{AnalysisSettings.DefaultMaximumSteps}.",
    };
    private readonly Option<int> _top = Number(
        "--top",
        "How many of the largest eigenvalues are reported.",
        Usual.TopEigenvalues
    );
    private readonly Option<long> _seed = new("--seed")
    {
        Description = "Seed of every random vector.",
        DefaultValueFactory = _ => 0,
    };
    private readonly Option<int?> _probes = new("--probes")
    {
        Description =
            $"Random vectors of trace, Frobenius norm and variance; without it {Usual.Probes}, and "
            + $"exact traces and norms for models of at most {Usual.ExactParameters} parameters.",
    };

    private readonly Option<int> _densityProbes = Number(
        "--density-probes",
        "Start vectors that a density is averaged over.",
        Usual.DensityProbes
    );
    private readonly Option<bool> _fast = new("--fast")
    {
        Description =
            "Measures densities without reorthogonalisation, in the memory of three vectors; so it is done anyway "
            + "where the vectors do not fit.",
    };
    private readonly Option<string?> _form = new("--variance-form")
    {
        Description = "What variances are computed from: per_sample, random_batches or fixed_batches.",
    };
    private readonly Option<string?> _eigenpairs = new("--eigenpairs")
    {
        Description =
            "LARGEST,SMALLEST: how many eigenvalues of each end eigenpairs finds; 10,10 where nothing is said.",
    };
    private readonly Option<double> _tolerance = new("--tolerance")
    {
        Description = "Residual bound of eigenpairs, as a share of the largest |eigenvalue|.",
        DefaultValueFactory = _ => Usual.EigenpairTolerance,
    };

    private readonly Option<int?> _vectors = new("--vectors")
    {
        Description = "Vectors that a search for eigenvalues may hold; fewer cost more products.",
    };
    private readonly Option<string?> _views = new("--views")
    {
        Description = "Curves of the density: of gaussian, log, kpm, entropy, with commas between.",
    };
    private readonly Option<string?> _powerLaw = new("--power-law")
    {
        Description = "LOW,HIGH: fits a power law to the log view between two magnitudes.",
    };
    private readonly Option<int?> _deflate = new("--deflate")
    {
        Description = "How many outliers are taken out of the deflated density and put back as atoms.",
    };
    private readonly Option<long?> _compare = new("--compare")
    {
        Description =
            "The step whose eigenvectors and density tracking compares with; without it the first checkpoint that is "
            + "measured.",
    };
    private readonly Option<string?> _batchSizes = new("--batch-sizes")
    {
        Description =
            "Batch sizes of mini_batch and batch_sharpness, with commas between; without it the training's own.",
    };
    private readonly Option<int?> _batches = new("--batches") { Description = "Random batches of each size." };

    internal void AddTo(Command command)
    {
        foreach (
            Option option in new Option[]
            {
                _analyses,
                _operators,
                _steps,
                _top,
                _seed,
                _probes,
                _densityProbes,
                _fast,
                _form,
                _eigenpairs,
                _tolerance,
                _vectors,
                _views,
                _powerLaw,
                _deflate,
                _compare,
                _batchSizes,
                _batches,
            }
        )
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The request.</summary>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    internal AnalysisRequest Request(ParseResult arguments, long memoryBudget)
    {
        var settings = Settings(arguments);
        var request = new AnalysisRequest
        {
            Analyses = Choices.All("--analyses", arguments.GetValue(_analyses)!, AnalysisKindNames.Saved),
            Settings = settings.Within(memoryBudget),
            Compare = arguments.GetValue(_compare),
        };
        request.Validate();
        return (request with { Analyses = [.. request.Analyses.Union(Implied(arguments, request))] }).Complete();
    }

    private AnalysisSettings Settings(ParseResult arguments)
    {
        int top = arguments.GetValue(_top);
        int? probes = arguments.GetValue(_probes),
            batches = arguments.GetValue(_batches);
        var (largest, smallest) = arguments.GetValue(_eigenpairs) is { } ends
            ? Ends(ends)
            : (Usual.LargestEigenpairs, Usual.SmallestEigenpairs);
        return Usual with
        {
            Operators = Choices.All("--operators", arguments.GetValue(_operators)!, OperatorKinds),
            LanczosSteps = arguments.GetValue(_steps),
            TopEigenvalues = top,
            TrackedEigenvectors = top,
            DeflatedEigenvectors = top,
            Seed = arguments.GetValue(_seed),

            // Whoever names a number of random vectors wants them.
            Probes = probes ?? Usual.Probes,
            ExactParameters = probes is null ? Usual.ExactParameters : 0,
            DensityProbes = arguments.GetValue(_densityProbes),
            Fast = arguments.GetValue(_fast),
            VarianceForm = arguments.GetValue(_form) is { } form ? Choices.One("--variance-form", form, Forms) : null,
            LargestEigenpairs = largest,
            SmallestEigenpairs = smallest,
            EigenpairTolerance = arguments.GetValue(_tolerance),
            Vectors = arguments.GetValue(_vectors),
            Views = arguments.GetValue(_views) is { } views ? Choices.All("--views", views, DensityViews) : Usual.Views,
            PowerLaw = arguments.GetValue(_powerLaw) is { } range ? Range(range) : null,
            Outliers = arguments.GetValue(_deflate) ?? Usual.Outliers,
            BatchSizes = arguments.GetValue(_batchSizes) is { } sizes ? [.. Wholes("--batch-sizes", sizes)] : null,
            SharpnessBatches = batches ?? Usual.SharpnessBatches,
            SpectrumBatches = batches ?? Usual.SpectrumBatches,
        };
    }

    private IEnumerable<AnalysisKind> Implied(ParseResult arguments, AnalysisRequest request)
    {
        (bool Given, AnalysisKind Analysis)[] all =
        [
            (arguments.GetValue(_eigenpairs) is not null, AnalysisKind.Eigenpairs),
            (arguments.GetValue(_views) is not null || request.Settings.PowerLaw is not null, AnalysisKind.Views),
            (arguments.GetValue(_deflate) is not null, AnalysisKind.Deflated),
            (request.Compare is not null, AnalysisKind.Tracking),
            (
                request.Settings.BatchSizes is not null && !request.Wants(AnalysisKind.BatchSharpness),
                AnalysisKind.MiniBatch
            ),
        ];
        return all.Where(pair => pair.Given).Select(pair => pair.Analysis);
    }

    private static (int Largest, int Smallest) Ends(string text) =>
        Wholes("--eigenpairs", text) is [var largest and >= 0, var smallest and >= 0]
        && largest + (long)smallest is > 0 and < 100_000
            ? (largest, smallest)
            : throw new ArgumentException(
                $"--eigenpairs {text}: give how many of the largest and of the smallest, for example 20,5"
            );

    private static MagnitudeRange Range(string text)
    {
        string[] parts = text.Split(',');
        return
            parts.Length == 2
            && double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double low)
            && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double high)
            && low > 0
            && low < high
            && double.IsFinite(high)
            ? new MagnitudeRange(low, high)
            : throw new ArgumentException(
                $"--power-law {text}: give two magnitudes, the smaller first, for example 1e-4,0.1"
            );
    }

    private static List<int> Wholes(string option, string text) =>
        [
            .. text.Split(',')
                .Select(part =>
                    int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                        ? number
                        : throw new ArgumentException($"{option} {text}: give whole numbers with commas between")
                ),
        ];

    private static Option<int> Number(string name, string description, int value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };
}
