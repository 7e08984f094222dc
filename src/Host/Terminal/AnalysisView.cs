using System.Globalization;
using CurvatureMonitor.Reports.Documents;
using CurvatureMonitor.Reports.Runs;
using Spectre.Console;

namespace CurvatureMonitor.Host.Terminal;

/// <summary>
/// The result of an analysis as people read it: a column an operator, every number with its error bar, and how it was
/// made.
/// </summary>
internal static class AnalysisView
{
    private static readonly (string Name, Func<OperatorReading, string?> Text)[] Rows =
    [
        ("λ max", reading => WithError(reading.LambdaMax, reading.LambdaMaxResidual)),
        ("λ min", reading => WithError(reading.LambdaMin, reading.LambdaMinResidual)),
        ("trace", reading => WithError(reading.Trace, reading.TraceStderr)),
        ("Frobenius norm", reading => WithError(reading.Frobenius, reading.FrobeniusStderr)),
        ("variance", reading => WithError(reading.Variance, reading.VarianceStderr)),
        ("stability limit", reading =>
            Finite.OrNull(reading.Stability?.Limit) is { } limit ? Numbers.Plain(limit) : null
        ),
        ("λ max / limit", reading =>
            Finite.OrNull(reading.Stability?.Ratio) is { } ratio ? Numbers.Ratio(ratio) : null
        ),
        ("Lanczos steps", reading => Steps(reading)),
    ];

    internal static void Write(IAnsiConsole console, AnalysisDocument document)
    {
        var provenance = document.Provenance;
        var about = Join(
            provenance?.Model,
            provenance?.Loss,
            $"{Numbers.Count(document.Parameters)} parameters",
            $"{Numbers.Count(document.Samples)} samples"
        );
        console.WriteLine($"Run {document.Run}, step {Numbers.Count(document.Step)}: {about}");
        console.WriteLine($"Loss {Exact(document.Loss)}, gradient {Gradient(document.Gradient)}");
        console.WriteLine();
        console.Write(Table(document));
        console.WriteLine();
        FurtherView.Write(console, document);
        ModulesView.Write(console, document);
        if (document.Difference is { } difference)
        {
            console.WriteLine(
                $"The outputs of this program differ by {Numbers.Ratio(difference)} of their size from those of "
                    + "the model that was trained: the numbers are of the program."
            );
        }

        if (document.Optimizer?.NoLimit is { } none)
        {
            console.WriteLine($"{char.ToUpperInvariant(none[0])}{none[1..]}.");
        }

        console.WriteLine(
            "± is a residual bound for eigenvalues (one lies within it), a standard error for the others. All in units "
                + "of the loss (variance: squared) per unit of θ squared."
        );
        console.WriteLine(
            Join(
                document.Dtype,
                provenance?.Device,
                provenance?.Reorthogonalised == false ? "density without reorthogonalisation" : null,
                provenance?.StepsAllowed is { } allowed
                    ? $"memory allowed {allowed} of {provenance.StepsWanted} Lanczos steps"
                    : null,
                provenance is null
                    ? null
                    : $"batch norm {provenance.BatchNorm}, micro-batches of {provenance.MicroBatch}, seed "
                        + $"{provenance.Seed}, libtorch {provenance.Libtorch}",
                $"{Numbers.Count(document.Cost.CurvatureProducts)} curvature products in "
                    + $"{Numbers.Seconds(document.Cost.Seconds)}, {Numbers.Bytes(document.Cost.PeakBytes)} at most"
            )
        );
    }

    private static Table Table(AnalysisDocument document)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn(string.Empty);
        foreach (string name in document.Operators.Keys)
        {
            table.AddColumn(new TableColumn(new Text(name)).RightAligned());
        }

        foreach (var (name, text) in Rows)
        {
            AddRow(table, name, [.. document.Operators.Values.Select(text)]);
        }

        int eigenvalues = document.Operators.Values.Max(reading => reading.Eigenvalues?.Count ?? 0);
        for (int i = 0; i < eigenvalues; i++)
        {
            int index = i;
            AddRow(
                table,
                string.Create(CultureInfo.InvariantCulture, $"λ{i + 1}"),
                [.. document.Operators.Values.Select(reading => Eigenvalue(reading, index))]
            );
        }

        return table;
    }

    private static void AddRow(Table table, string name, IReadOnlyList<string?> texts)
    {
        if (texts.Any(text => text is not null))
        {
            table.AddRow([new Text(name), .. texts.Select(text => new Text(text ?? Numbers.Unknown))]);
        }
    }

    private static string? Eigenvalue(OperatorReading reading, int index) =>
        Finite.OrNull(reading.Eigenvalues) is { } values && index < values.Count
            ? WithError(values[index], reading.EigenvalueResiduals?[index])
            : null;

    private static string? Steps(OperatorReading reading) =>
        reading.LanczosSteps is { } steps
            ? $"{Numbers.Count(steps)}{(reading.Converged == false ? ", not converged" : string.Empty)}"
            : null;

    private static string Gradient(GradientReading? gradient) =>
        Join(
            $"l2 {Exact(gradient?.L2)}",
            $"max {Exact(gradient?.Linf)}",
            Finite.OrNull(gradient?.Variance) is { } variance ? $"variance over samples {Exact(variance)}" : null
        );

    // Three columns of these fit a terminal of 80 characters.
    private static string? WithError(double? value, double? error) =>
        Finite.OrNull(value) is not { } number ? null
        : Finite.OrNull(error) is not { } bar ? Short(number)
        : $"{Short(number)} ± {bar.ToString("G2", CultureInfo.InvariantCulture)}";

    private static string Short(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static string Exact(double? value) =>
        Finite.OrNull(value) is { } number ? number.ToString("G8", CultureInfo.InvariantCulture) : Numbers.Unknown;

    private static string Join(params string?[] parts) => string.Join(", ", parts.Where(part => part is not null));
}
