using CurvatureMonitor.Reports.Documents;
using CurvatureMonitor.Reports.Runs;
using Spectre.Console;

namespace CurvatureMonitor.Host.Terminal;

/// <summary>The blocks of modules as people read them: a table an operator, a row a module.</summary>
internal static class ModulesView
{
    internal static void Write(IAnsiConsole console, AnalysisDocument document)
    {
        foreach (var (name, reading) in document.Operators)
        {
            if (reading.Modules is not { } modules)
            {
                continue;
            }

            var table = new Table().Border(TableBorder.Rounded).AddColumn(string.Empty);
            foreach (string column in new[] { "parameters", "λ max", "trace" })
            {
                table.AddColumn(new TableColumn(column).RightAligned());
            }

            foreach (var (module, block) in modules)
            {
                table.AddRow(
                    new Text(module),
                    new Text(Numbers.Count(block.Parameters ?? 0)),
                    new Text(WithError(block.LambdaMax, block.LambdaMaxResidual)),
                    new Text(WithError(block.Trace, block.TraceStderr))
                );
            }

            string more = reading.ModulesLeftOut is { } left ? $", without {left} more: name them by --modules" : "";
            console.WriteLine($"Modules of the {name}{more}");
            console.Write(table);
            console.WriteLine();
        }
    }

    private static string WithError(double? value, double? error) =>
        Numbers.WithError(Finite.OrNull(value), Finite.OrNull(error)) ?? Numbers.Unknown;
}
