using System.Globalization;
using CurvatureMonitor.Reports.Documents;
using CurvatureMonitor.Reports.Runs;
using Spectre.Console;

namespace CurvatureMonitor.Host.Terminal;

/// <summary>
/// What was measured only because it was asked for, as people read it: a table an analysis, a column an operator.
/// </summary>
internal static class FurtherView
{
    private const int MostListed = 6;

    private static readonly (string Title, (string Name, Func<OperatorReading, string?> Text)[] Rows)[] Tables =
    [
        (
            "Eigenpairs by restarted Lanczos",
            [
                ("largest", reading => List(reading.Eigenpairs?.Largest)),
                ("smallest", reading => List(reading.Eigenpairs?.Smallest)),
                ("worst bound", reading => Worst(reading.Eigenpairs)),
                ("products", reading => Products(reading.Eigenpairs)),
            ]
        ),
        (
            "Shape of the density",
            [
                ("negative eigenvalues", reading =>
                    WithError(reading.Shape?.NegativeEigenvalues, reading.Shape?.NegativeEigenvaluesStderr)
                ),
                ("negative mass", reading => WithError(reading.Shape?.NegativeMass, reading.Shape?.NegativeMassStderr)),
                ("bulk from", reading => Maybe(reading.Shape?.BulkLow)),
                ("bulk to", reading => Maybe(reading.Shape?.BulkHigh)),
                ("bulk mass", reading => Maybe(reading.Shape?.BulkMass)),
                ("outliers above", reading =>
                    reading.Shape?.OutliersAbove is { } above ? Numbers.Count(above.Count) : null
                ),
                ("outliers below", reading =>
                    reading.Shape?.OutliersBelow is { } below ? Numbers.Count(below.Count) : null
                ),
                ("mass at zero", reading => Maybe(reading.Shape?.RankDegeneracy)),
                ("which lies at", reading => Maybe(reading.Shape?.RankDegeneracyAt)),
                ("rank, entropy", reading => Maybe(reading.Shape?.RankEntropy)),
                ("participation", reading => Maybe(reading.Shape?.RankParticipation)),
                ("stable rank", reading => Maybe(reading.Shape?.RankStable)),
            ]
        ),
        (
            "Views of the density (their points are in --json and --out)",
            [
                ("Gaussian σ", reading => Maybe(reading.Views?.Gaussian?.Sigma)),
                ("log view σ", reading => Maybe(reading.Views?.Log?.Sigma)),
                ("power law", reading => Maybe(reading.Views?.Log?.PowerLaw?.Exponent)),
                ("its R²", reading => Maybe(reading.Views?.Log?.PowerLaw?.RSquared)),
                ("kpm moments", reading => reading.Views?.Kpm?.Order is { } order ? Numbers.Count(order) : null),
                ("entropy, nats", reading => Maybe(reading.Views?.Entropy?.Entropy)),
            ]
        ),
        (
            "Deflated density",
            [
                ("outliers", reading => List(reading.Deflated?.Eigenvalues)),
                ("iterations", reading =>
                    reading.Deflated is { } deflated
                        ? $"{deflated.Iterations}{(deflated.Converged == false ? ", not converged" : string.Empty)}"
                        : null
                ),
            ]
        ),
        (
            "Tracking",
            [
                ("gradient in top", reading => Maybe(reading.Tracking?.GradientShare)),
                ("compared with", reading =>
                    reading.Tracking?.ComparedWith is { } step ? $"step {Numbers.Count(step)}" : null
                ),
                ("overlap of spaces", reading => Maybe(reading.Tracking?.SubspaceOverlap)),
                ("curvature of its v", reading => List(reading.Tracking?.Curvature)),
                ("Wasserstein", reading => Maybe(reading.Tracking?.Wasserstein)),
            ]
        ),
        (
            "Layers",
            [
                ("sharpest", reading => Sharpest(reading.Layers)?.Key),
                ("its λ max", reading =>
                    Sharpest(reading.Layers)?.Value is { } layer
                        ? WithError(layer.LambdaMax, layer.LambdaMaxResidual)
                        : null
                ),
            ]
        ),
        (
            "Preconditioned sharpness",
            [
                ("λ max", reading =>
                    WithError(
                        reading.PreconditionedSharpness?.LambdaMax,
                        reading.PreconditionedSharpness?.LambdaMaxResidual
                    )
                ),
                ("λ max / limit", reading =>
                    Finite.OrNull(reading.PreconditionedSharpness?.Stability?.Ratio) is { } ratio
                        ? Numbers.Ratio(ratio)
                        : null
                ),
            ]
        ),
        (
            "Sharpness scaled by the groups' learning rates",
            [
                ("λ max", reading =>
                    WithError(reading.ScaledSharpness?.LambdaMax, reading.ScaledSharpness?.LambdaMaxResidual)
                ),
                ("λ max / limit", reading =>
                    Finite.OrNull(reading.ScaledSharpness?.Stability?.Ratio) is { } ratio ? Numbers.Ratio(ratio) : null
                ),
            ]
        ),
    ];

    internal static void Write(IAnsiConsole console, AnalysisDocument document)
    {
        if (document.Weights is { } weights)
        {
            var (l2, largest) = (Maybe(weights.L2), Maybe(weights.Linf));
            console.WriteLine($"Weights l2 {l2 ?? Numbers.Unknown}, max {largest ?? Numbers.Unknown}");
            console.WriteLine();
        }

        foreach (var (title, rows) in Tables)
        {
            Write(
                console,
                title,
                [.. document.Operators.Keys],
                [.. rows.Select(row => (row.Name, document.Operators.Values.Select(row.Text).ToArray()))]
            );
        }

        foreach (var (name, reading) in document.Operators)
        {
            BySize(console, $"Batch sharpness of the {name}", reading.BatchSharpness, BatchSharpnessRows);
            BySize(
                console,
                $"Batches of the {name}: measured, and predicted from the whole set",
                reading.MiniBatch,
                MiniBatchRows
            );
        }
    }

    private static readonly (string Name, Func<BatchSharpnessReading, string?> Text)[] BatchSharpnessRows =
    [
        ("mean", reading => WithError(reading.Value, reading.Stderr)),
        ("over its limit", reading =>
            Finite.OrNull(reading.Stability?.Ratio) is { } ratio ? Numbers.Ratio(ratio) : null
        ),
    ];

    private static readonly (string Name, Func<MiniBatchReading, string?> Text)[] MiniBatchRows =
    [
        ("λ max", reading => WithError(reading.LambdaMax?.Mean, reading.LambdaMax?.Stderr)),
        ("its spread", reading => Maybe(reading.LambdaMax?.Spread)),
        ("predicted", reading => WithError(reading.LambdaMax?.Predicted, reading.LambdaMax?.PredictedStderr)),
        ("prediction", reading => Verdict(reading.LambdaMax)),
        ("λ min", reading => WithError(reading.LambdaMin?.Mean, reading.LambdaMin?.Stderr)),
        ("predicted", reading => WithError(reading.LambdaMin?.Predicted, reading.LambdaMin?.PredictedStderr)),
        ("prediction", reading => Verdict(reading.LambdaMin)),
        ("overlap", reading => WithError(reading.Overlap?.Mean, reading.Overlap?.Stderr)),
        ("predicted", reading => WithError(reading.Overlap?.Predicted, reading.Overlap?.PredictedStderr)),
        ("prediction", reading => Verdict(reading.Overlap)),
        ("least damping", reading => Maybe(reading.MinimumDamping)),
        ("learning rate", reading => Maybe(reading.LearningRate)),
        ("at most", reading => Maybe(reading.LargestLearningRate)),
    ];

    private static void BySize<T>(
        IAnsiConsole console,
        string title,
        IReadOnlyDictionary<string, T>? readings,
        (string Name, Func<T, string?> Text)[] rows
    )
    {
        if (readings is not null)
        {
            Write(
                console,
                title,
                [.. readings.Keys.Select(size => $"B = {size}")],
                [.. rows.Select(row => (row.Name, readings.Values.Select(row.Text).ToArray()))]
            );
        }
    }

    private static void Write(
        IAnsiConsole console,
        string title,
        IReadOnlyList<string> columns,
        IReadOnlyList<(string Name, string?[] Texts)> rows
    )
    {
        var known = rows.Where(row => row.Texts.Any(text => text is not null)).ToList();
        if (known.Count == 0)
        {
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumn(string.Empty);
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)).RightAligned());
        }

        foreach (var (name, texts) in known)
        {
            table.AddRow([new Text(name), .. texts.Select(text => new Text(text ?? Numbers.Unknown))]);
        }

        console.WriteLine(title);
        console.Write(table);
        console.WriteLine();
    }

    private static string? Verdict(ComparedReading? compared) =>
        compared?.Holds is { } holds
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{(holds ? "holds" : "fails")}, {compared.Deviation:0.0} errors off"
            )
            : null;

    private static string? Worst(EigenpairsReading? pairs) =>
        pairs is null
            ? null
            : Numbers.Plain(
                (Finite.OrNull(pairs.LargestResiduals) ?? []).Concat(Finite.OrNull(pairs.SmallestResiduals) ?? []).Max()
            ) + (pairs.Converged == false ? ", not converged" : string.Empty);

    private static string? Products(EigenpairsReading? pairs) =>
        pairs is null
            ? null
            : $"{Numbers.Count(pairs.CurvatureProducts ?? 0)}, {Numbers.Count(pairs.Vectors ?? 0)} vectors";

    private static string? List(IReadOnlyList<double>? values) =>
        Finite.OrNull(values) is { } known
            ? string.Join(' ', known.Take(MostListed).Select(value => Numbers.Plain(value)))
                + (known.Count > MostListed ? " …" : string.Empty)
            : null;

    private static string? Maybe(double? value) => Finite.OrNull(value) is { } number ? Numbers.Plain(number) : null;

    private static string? WithError(double? value, double? error) =>
        Numbers.WithError(Finite.OrNull(value), Finite.OrNull(error));

    private static KeyValuePair<string, LayerReading>? Sharpest(IReadOnlyDictionary<string, LayerReading>? layers) =>
        layers is null || layers.Values.All(layer => layer.LambdaMax is null)
            ? null
            : layers.MaxBy(layer => layer.Value.LambdaMax);
}
