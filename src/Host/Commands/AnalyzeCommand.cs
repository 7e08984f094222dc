using System.CommandLine;
using CurvatureMonitor.Host.Analysis;
using CurvatureMonitor.Host.Configuration;
using CurvatureMonitor.Host.Isolation;
using CurvatureMonitor.Host.Terminal;
using CurvatureMonitor.Reports.Documents;
using Spectre.Console;

namespace CurvatureMonitor.Host.Commands;

/// <summary>
/// <c>curvature analyze</c>: measures checkpoints of a bundle. With <c>--json</c> standard output is one JSON document
/// and nothing else.
/// </summary>
internal static class AnalyzeCommand
{
    internal static Command Create()
    {
        var command = new ConfiguredCommand(
            "analyze",
            "Measure checkpoints of a run bundle: sharpness, spectrum, trace, variance, and more where asked for "
                + "(docs/analyses.md).",
            typeof(BundleOptions),
            typeof(PrecisionOptions),
            typeof(ComputeOptions),
            typeof(IsolationOptions),
            typeof(MemoryLimitOptions),
            typeof(AnalyzeOptions),
            typeof(ResultOptions)
        );
        var selection = new BundleSelection(command, several: true);
        var computation = new IsolatedComputation(
            (options, arguments, work) => Run(selection, options, arguments, work),
            options => OutputOf(options)?.RemoveUnfinished()
        );
        command.SetAction(computation.RunAsync);
        return command;
    }

    private static int Run(BundleSelection selection, BoundOptions options, ParseResult arguments, Work work)
    {
        var request = AnalysisRequests.Create(options.Get<AnalyzeOptions>(), BundleSelection.MemoryBudget(options));
        var result = options.Get<ResultOptions>();
        var output = OutputOf(options);
        var device = options.Get<ComputeOptions>().ParseDevice();
        BundleSelection.ApplyThreads(options);
        var bundle = selection.Open(options, arguments);
        var steps = selection.Steps(options, bundle);
        if (request.Compare is { } compared)
        {
            BundleProbe.FindStep(bundle, compared);
        }

        output?.RequireRoomFor(steps.Count);
        work.Begin("opening the model");
        using var probe = BundleProbe.Open(bundle, steps[0], options.Get<PrecisionOptions>().ElementType, device);
        using var progress = new ProgressLine(Console.Error, TimeProvider.System, work.Begin);
        using var analyzer = new BundleAnalyzer(probe, request, progress, TimeProvider.System);
        analyzer.RequireMeasurable();
        var documents = new List<AnalysisDocument>();
        foreach (long step in steps)
        {
            work.Begin($"reading step {step}");
            documents.Add(analyzer.Analyse(step, work.Cancellation));
        }

        output?.Write(documents);
        Show(documents, result.Json);
        return ExitCodes.Done;
    }

    private static ResultFile? OutputOf(BoundOptions options) =>
        options.Get<ResultOptions>().Out is { } path ? ResultFile.At(path) : null;

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
