using System.CommandLine;
using CurvatureMonitor.Host.Analysis;
using CurvatureMonitor.Host.Configuration;
using CurvatureMonitor.Host.Doctor;
using CurvatureMonitor.Host.Isolation;
using CurvatureMonitor.Host.Terminal;
using CurvatureMonitor.Storage;
using Spectre.Console;

namespace CurvatureMonitor.Host.Commands;

/// <summary>
/// <c>curvature validate</c>: whether a bundle can be measured here, at what cost, and if not, why. Exit code 2 when it
/// cannot.
/// </summary>
internal static class ValidateCommand
{
    internal static Command Create()
    {
        var command = new ConfiguredCommand(
            "validate",
            "Whether a run bundle can be measured here, at what cost, and if not, why.",
            typeof(BundleOptions),
            typeof(PrecisionOptions),
            typeof(ComputeOptions),
            typeof(IsolationOptions),
            typeof(MemoryLimitOptions)
        );
        var selection = new BundleSelection(command, several: false);
        var computation = new IsolatedComputation(
            (options, arguments, work) => Run(selection, options, arguments, work)
        );
        command.SetAction(computation.RunAsync);
        return command;
    }

    private static int Run(BundleSelection selection, BoundOptions options, ParseResult arguments, Work work)
    {
        long budget = BundleSelection.MemoryBudget(options);
        var device = options.Get<ComputeOptions>().ParseDevice();
        BundleSelection.ApplyThreads(options);
        var bundle = selection.Open(options, arguments);
        long step = selection.Steps(options, bundle)[0];
        work.Begin("opening the model");
        using var probe = BundleProbe.Open(bundle, step, options.Get<PrecisionOptions>().ElementType, device);
        var validation = new BundleValidation(probe, step, budget, TimeProvider.System, work.Begin);
        validation.Run(work.Cancellation);

        AnsiConsole.Write(CheckResultsView.Draw(validation.Results));
        if (validation.Results.FirstOrDefault(finding => finding.Verdict == Verdict.Broken) is { } broken)
        {
            throw new BundleException(
                bundle.Directory,
                null,
                $"cannot be measured here: {broken.Subject}: {broken.Detail}",
                "nothing was measured"
            );
        }

        AnsiConsole.WriteLine();
        AnsiConsole.Write(Draw(validation.Costs));
        AnsiConsole.WriteLine(
            $"Estimated from one product of each kind; the residual costs both. The budget is {Numbers.Bytes(budget)}."
        );
        return ExitCodes.Done;
    }

    private static Table Draw(IReadOnlyList<CostEstimate> costs)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("analysis", "operator");
        foreach (string name in new[] { "products", "time", "memory" })
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        foreach (var cost in costs)
        {
            table.AddRow(
                cost.Analysis,
                cost.Operator,
                Numbers.Count(cost.Products),
                Numbers.Seconds(cost.Seconds),
                Numbers.Bytes(cost.Bytes)
            );
        }

        return table;
    }
}
