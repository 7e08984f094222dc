using System.CommandLine;
using CurvatureMonitor.Host.Analysis;
using Spectre.Console;

namespace CurvatureMonitor.Host.Commands;

/// <summary>
/// <c>curvature analyze</c>: measures checkpoints of a bundle. With <c>--json</c> standard output is one JSON document
/// and nothing else.
/// </summary>
internal sealed class AnalyzeCommand
{
    private readonly BundleArguments _bundle = new(several: true);
    private readonly AnalysisArguments _analysis = new();
    private readonly Option<string?> _out = new("--out")
    {
        Description = "Also saves the result: FILE.json or FILE.npz.",
    };
    private readonly Option<bool> _json = new("--json")
    {
        Description = "Prints one JSON document and nothing else on standard output.",
    };

    internal static Command Create()
    {
        var options = new AnalyzeCommand();
        var command = new Command(
            "analyze",
            "Measure checkpoints of a run bundle: sharpness, spectrum, trace, variance, and more where asked for "
                + "(docs/analyses.md)."
        );
        options._bundle.AddTo(command);
        options._analysis.AddTo(command);
        command.Options.Add(options._out);
        command.Options.Add(options._json);

        // On a thread of its own: libtorch computes on the thread that calls it.
        command.SetAction(
            (arguments, cancellation) =>
                Task.Factory.StartNew(
                    () => options.Run(arguments, cancellation),
                    cancellation,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
        );
        return command;
    }

    private int Run(ParseResult arguments, CancellationToken cancellation)
    {
        var request = _analysis.Request(arguments, _bundle.MemoryBudget(arguments));
        var output = arguments.GetValue(_out) is { } path ? ResultFile.At(path) : null;
        var (type, device) = (_bundle.Type(arguments), _bundle.Device(arguments));
        _bundle.ApplyThreads(arguments);
        var bundle = _bundle.Bundle(arguments);
        var steps = _bundle.Steps(arguments, bundle);
        if (request.Compare is { } compared)
        {
            BundleProbe.FindStep(bundle, compared);
        }

        output?.RequireRoomFor(steps.Count);
        using var probe = BundleProbe.Open(bundle, steps[0], type, device);
        using var progress = new ProgressLine(Console.Error, TimeProvider.System);
        using var analyzer = new BundleAnalyzer(probe, request, progress, TimeProvider.System);
        analyzer.RequireMeasurable();
        var documents = new List<AnalysisDocument>();
        foreach (long step in steps)
        {
            documents.Add(analyzer.Analyse(step, cancellation));
        }

        output?.Write(documents);
        Show(documents, arguments.GetValue(_json));
        return ExitCodes.Done;
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
}
