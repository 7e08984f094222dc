using System.CommandLine;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Host.Analysis;
using Spectre.Console;

namespace CurvatureMonitor.Host.Commands;

/// <summary><c>curvature analyze</c>: measures checkpoints of a bundle. With <c>--json</c> standard output is one JSON document and nothing else.</summary>
internal sealed class AnalyzeCommand
{
    private static readonly Dictionary<string, BundleAnalysis> Kinds =
        Enum.GetValues<BundleAnalysis>().ToDictionary(analysis => analysis.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    private static readonly Dictionary<string, OperatorKind> OperatorKinds = OperatorNames.All.ToDictionary(kind => kind.Label(), StringComparer.Ordinal);

    private readonly BundleArguments _bundle = new(several: true);
    private readonly Option<string> _analyses = Words("--analyses", "Of sharpness, spectrum, trace, variance, with commas between.", Kinds.Keys);
    private readonly Option<string> _operators = Words("--operators", "Of hessian, ggn, residual, with commas between.", OperatorKinds.Keys);
    private readonly Option<int?> _steps = new("--steps") { Description = $"Lanczos steps at most; without it as many as the eigenvalues need to converge, up to {AnalysisRequest.MostSteps}." };
    private readonly Option<int> _top = Number("--top", "How many of the largest eigenvalues are reported.", new AnalysisRequest().Top);
    private readonly Option<long> _seed = new("--seed") { Description = "Seed of every random vector.", DefaultValueFactory = _ => 0 };
    private readonly Option<int?> _probes = new("--probes")
    {
        Description = $"Random vectors of trace, Frobenius norm and variance; without it {AnalysisRequest.UsualProbes}, and exact traces and norms for models of at most {AnalysisRequest.ExactParameters} parameters.",
    };

    private readonly Option<int> _densityProbes = Number("--density-probes", "Start vectors that a density is averaged over.", new AnalysisRequest().DensityProbes);
    private readonly Option<string?> _out = new("--out") { Description = "Also saves the result: FILE.json or FILE.npz." };
    private readonly Option<bool> _json = new("--json") { Description = "Prints one JSON document and nothing else on standard output." };

    internal static Command Create()
    {
        var options = new AnalyzeCommand();
        var command = new Command("analyze", "Measure checkpoints of a run bundle: sharpness, spectrum, trace, variance.");
        options._bundle.AddTo(command);
        foreach (Option option in new Option[]
        {
            options._analyses, options._operators, options._steps, options._top, options._seed, options._probes, options._densityProbes, options._out, options._json,
        })
        {
            command.Options.Add(option);
        }

        // On a thread of its own: libtorch computes on the thread that calls it.
        command.SetAction((arguments, cancellation) => Failures.ReportAsync(() => Task.Factory.StartNew(
            () => options.Run(arguments, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        return command;
    }

    private int Run(ParseResult arguments, CancellationToken cancellation)
    {
        var request = Request(arguments);
        var output = arguments.GetValue(_out) is { } path ? ResultFile.At(path) : null;
        var (type, device) = (_bundle.Type(arguments), _bundle.Device(arguments));
        _bundle.ApplyThreads(arguments);
        var bundle = _bundle.Bundle(arguments);
        var steps = _bundle.Steps(arguments, bundle);
        output?.RequireRoomFor(steps.Count);

        using var probe = BundleProbe.Open(bundle, steps[0], type, device);
        using var progress = new ProgressLine(Console.Error, TimeProvider.System);
        var analyzer = new BundleAnalyzer(probe, request, progress, TimeProvider.System);
        var documents = new List<AnalysisDocument>();
        foreach (long step in steps)
        {
            documents.Add(analyzer.Analyse(step, cancellation));
        }

        output?.Write(documents);
        Show(documents, arguments.GetValue(_json));
        return ExitCodes.Done;
    }

    private AnalysisRequest Request(ParseResult arguments)
    {
        var request = new AnalysisRequest
        {
            Analyses = Choices.All("--analyses", arguments.GetValue(_analyses)!, Kinds),
            Operators = Choices.All("--operators", arguments.GetValue(_operators)!, OperatorKinds),
            Steps = arguments.GetValue(_steps),
            Top = arguments.GetValue(_top),
            Seed = arguments.GetValue(_seed),
            Probes = arguments.GetValue(_probes),
            DensityProbes = arguments.GetValue(_densityProbes),
            MemoryBudget = _bundle.MemoryBudget(arguments),
        };
        request.Validate();
        return request;
    }

    private static void Show(List<AnalysisDocument> documents, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(ResultFile.Text(documents));
            return;
        }

        foreach (var document in documents)
        {
            AnalysisView.Write(AnsiConsole.Console, document);
        }
    }

    private static Option<string> Words(string name, string description, IEnumerable<string> all) =>
        new(name) { Description = description, DefaultValueFactory = _ => string.Join(',', all) };

    private static Option<int> Number(string name, string description, int value) => new(name) { Description = description, DefaultValueFactory = _ => value };
}
