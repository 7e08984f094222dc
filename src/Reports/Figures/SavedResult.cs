using System.Text.Json;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Reports.Arrays;
using CurvatureMonitor.Reports.Documents;
using CurvatureMonitor.Reports.Runs;
using CurvatureMonitor.Storage.Journals;

namespace CurvatureMonitor.Reports.Figures;

/// <summary>
/// Reads saved results: what <c>analyze</c> saves (<c>.json</c> of one or several checkpoints, <c>.npz</c>), the
/// history of a run as <c>/api/runs/RUN/history</c> gives it, and as it is kept on disk (<c>.jsonl</c>).
/// </summary>
internal static class SavedResult
{
    /// <summary>The points of a file, by step.</summary>
    /// <exception cref="UserErrorException">The file is absent or holds no result.</exception>
    internal static IReadOnlyList<SavedPoint> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new UserErrorException(
                $"{path}: no such file; give a result that 'curvature analyze --out FILE.json' saved"
            );
        }

        try
        {
            var points =
                Path.GetExtension(path).Equals(".npz", StringComparison.OrdinalIgnoreCase) ? ReadArrays(path)
                : Path.GetExtension(path).Equals(RunJournal.Suffix, StringComparison.OrdinalIgnoreCase)
                    ? ReadJournal(path)
                : ReadJson(path);
            return points.Count > 0
                ? [.. points.OrderBy(point => point.Step)]
                : throw new UserErrorException(
                    $"{path}: holds no measurement; give a result that 'curvature analyze --out FILE.json' saved"
                );
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidDataException or InvalidOperationException)
        {
            throw new UserErrorException(
                $"{path}: is no saved result ({exception.Message.Split('\n')[0]}); give one that 'curvature analyze "
                    + $"--out FILE.json' saved",
                cause: exception
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path}: cannot be read ({exception.Message})", cause: exception);
        }
    }

    private static List<SavedPoint> ReadArrays(string path)
    {
        using var stream = File.OpenRead(path);
        return [.. Points(JsonArrays.Nest(NpzFile.Read(stream)).Deserialize<AnalysisDocument>(ReportJson.Options)!)];
    }

    private static List<SavedPoint> ReadJournal(string path) =>
        RunJournal.ReadHeader(path) is null
            ? throw new InvalidDataException("its first line is not that of a run's history")
            :
            [
                .. RunJournal
                    .Read(path)
                    .OfType<CheckpointMeasured>()
                    .SelectMany(MeasurementPoints.Of)
                    .SelectMany(Point),
            ];

    private static List<SavedPoint> ReadJson(string path)
    {
        using var stream = File.OpenRead(path);
        using var json = JsonDocument.Parse(stream);
        var root = json.RootElement;
        return root.ValueKind switch
        {
            JsonValueKind.Array => [.. root.EnumerateArray().SelectMany(Document)],
            JsonValueKind.Object when root.TryGetProperty("measurements", out var measurements) =>
            [
                .. measurements.EnumerateArray().SelectMany(Measurement),
            ],
            _ => [.. Document(root)],
        };
    }

    private static IEnumerable<SavedPoint> Document(JsonElement element) =>
        Points(element.Deserialize<AnalysisDocument>(ReportJson.Options)!);

    private static IEnumerable<SavedPoint> Points(AnalysisDocument document)
    {
        foreach (var (name, reading) in document.Operators)
        {
            yield return new SavedPoint
            {
                Run = document.Run,
                Step = document.Step,
                Operator = name,
                LambdaMax = WithError(reading.LambdaMax, reading.LambdaMaxResidual),
                LambdaMin = WithError(reading.LambdaMin, reading.LambdaMinResidual),
                Eigenvalues = reading.Eigenvalues,
                Density = Checked(reading.Density),
                Variance = WithError(reading.Variance, reading.VarianceStderr),
                Limit = reading.Stability?.Limit,
                Views = reading.Views is { } views ? Checked(views) : null,
                Deflated = Checked(reading.Deflated?.Density),
                Tracking = reading.Tracking,
                MiniBatch = reading.MiniBatch,
            };
        }

        if (document.Gradient?.Variance is { } variance)
        {
            yield return new SavedPoint
            {
                Run = document.Run,
                Step = document.Step,
                Operator = SavedPoint.Gradient,
                Variance = new Estimate(variance, 0),
            };
        }
    }

    private static IEnumerable<SavedPoint> Measurement(JsonElement element) =>
        Point(element.Deserialize<MeasurementPoint>(ReportJson.Options)!);

    private static IEnumerable<SavedPoint> Point(MeasurementPoint measurement)
    {
        if (measurement.Operator is { } name)
        {
            yield return new SavedPoint
            {
                Run = measurement.Run,
                Step = measurement.Step,
                Operator = name,
                LambdaMax = WithError(measurement.LambdaMax, measurement.LambdaMaxResidual),
                LambdaMin = WithError(measurement.LambdaMin, measurement.LambdaMinResidual),
                Eigenvalues = Finite.OrNull(measurement.Eigenvalues),
                Density = Checked(measurement.Density),
                Variance = measurement.Variance is { } variance
                    ? WithError(variance.Isotropic, variance.IsotropicStderr)
                    : null,
                Limit = measurement.Stability is { Kind: "full" } stability ? stability.Limit : null,
            };
        }
        else if (measurement.Gradient?.Variance is { } variance)
        {
            yield return new SavedPoint
            {
                Run = measurement.Run,
                Step = measurement.Step,
                Operator = SavedPoint.Gradient,
                Variance = WithError(variance, measurement.Gradient.VarianceStderr),
            };
        }
    }

    private static DiscreteDensity? Checked(DiscreteDensity? density) =>
        density is null || density.Nodes.Count == density.Weights.Count
            ? density
            : throw new InvalidDataException(
                $"a density has {density.Nodes.Count} nodes and {density.Weights.Count} weights"
            );

    private static ViewsReading Checked(ViewsReading views)
    {
        foreach (var curve in new[] { views.Gaussian, views.Log, views.Kpm, views.Entropy }.OfType<CurveReading>())
        {
            if (
                curve.Points is not { Count: > 1 } points
                || curve.Values?.Count != points.Count
                || (curve.Negative is { } negative && negative.Count != points.Count)
            )
            {
                throw new InvalidDataException("a view of a density has not as many values as points");
            }
        }

        return views;
    }

    private static Estimate? WithError(double? value, double? error) =>
        Finite.OrNull(value) is { } number ? new Estimate(number, Finite.OrNull(error) ?? 0) : null;
}
