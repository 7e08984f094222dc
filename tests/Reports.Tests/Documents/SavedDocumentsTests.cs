using System.Text.Json;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Reports.Arrays;
using CurvatureMonitor.Reports.Documents;
using CurvatureMonitor.Reports.Figures;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.Reports.Tests.Documents;

/// <summary>What earlier versions wrote is read, and written again byte for byte.</summary>
public sealed class SavedDocumentsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("curvature-saved-").FullName;

    [Fact]
    public void A_history_is_written_as_it_was_read() =>
        Assert.Equal(Saved.OneLine(Saved.History), Again<RunDocument>(Saved.OneLine(Saved.History)));

    [Fact]
    public void An_analysis_is_written_as_it_was_read() =>
        Assert.Equal(Saved.OneLine(Saved.Analysis), Again<AnalysisDocument>(Saved.OneLine(Saved.Analysis)));

    [Fact]
    public void An_analysis_survives_NumPy()
    {
        var document = JsonDocument.Parse(Saved.Analysis).RootElement;
        var nested = JsonArrays.Nest(JsonArrays.Flatten(document));
        Assert.Equal(
            Saved.OneLine(Saved.Analysis).Replace(",\"ggn\":{}", "", StringComparison.Ordinal),
            Again<AnalysisDocument>(nested.ToJsonString())
        );
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Numbers_that_JSON_cannot_carry_are_absent(double value)
    {
        var reading = new OperatorReading
        {
            LambdaMax = value,
            Eigenvalues = [1, value],
            LanczosSteps = 3,
            Density = new DiscreteDensity([1, value], [0.5, 0.5]),
            Layers = new Dictionary<string, LayerReading>
            {
                ["fc"] = new() { Trace = value, TraceStderr = 1 },
            },
            Views = new ViewsReading
            {
                Kpm = new CurveReading { Points = [value], Order = 2 },
            },
        };
        Assert.Equal(
            """{"lanczos_steps":3,"layers":{"fc":{"trace_stderr":1}},"views":{"kpm":{"order":2}}}""",
            JsonSerializer.Serialize(reading, ReportJson.Options)
        );
    }

    [Fact]
    public void A_history_is_plotted()
    {
        var points = Points("history.json", Saved.History);
        Assert.Equal(
            ["hessian", "hessian", "gradient", "hessian", "hessian", "hessian"],
            points.Select(point => point.Operator)
        );
        Assert.All(points, point => Assert.Equal(("r", 2), (point.Run, point.Step)));
        var spectrum = points[0];
        Assert.Equal((30.5, 0.25), Pair(spectrum.LambdaMax));
        Assert.Equal((-1.5, 0.125), Pair(spectrum.LambdaMin));
        Assert.Equal([30.5, 12], spectrum.Eigenvalues!);
        Assert.Equal([-1.5, 30.5], spectrum.Density!.Nodes);
        Assert.Equal([0.25, 0.75], spectrum.Density!.Weights);
        Assert.Equal(40, spectrum.Limit);
        Assert.Equal((8.5, 0.125), Pair(points[2].Variance));
        Assert.Equal((900, 20), Pair(points[3].Variance));
        Assert.Null(points[5].Limit);
    }

    [Fact]
    public void An_analysis_is_plotted()
    {
        var points = Points("result.json", "[" + Saved.Analysis + "]");
        Assert.Equal(["hessian", "ggn", "gradient"], points.Select(point => point.Operator));
        Assert.All(points, point => Assert.Equal(("r", 7), (point.Run, point.Step)));
        var hessian = points[0];
        Assert.Equal((30.5, 0.25), Pair(hessian.LambdaMax));
        Assert.Equal((-1.5, 0.125), Pair(hessian.LambdaMin));
        Assert.Equal((900, 20), Pair(hessian.Variance));
        Assert.Equal(40, hessian.Limit);
        Assert.Equal([0, 0.125], hessian.Views!.Log!.Negative!);
        Assert.Equal([0, 30.5], hessian.Deflated!.Nodes);
        Assert.Equal((5, 1.75), (hessian.Tracking!.ComparedWith, hessian.Tracking!.Wasserstein));
        Assert.Equal(34, hessian.MiniBatch!["8"].LambdaMax!.Predicted);
        Assert.Null(points[1].LambdaMax);

        // Of a saved analysis the gradient's variance has no error bar.
        Assert.Equal((8.5, 0), Pair(points[2].Variance));
    }

    [Fact]
    public void A_journal_is_plotted()
    {
        var points = Points(
            "r.jsonl",
            """{"Journal":1,"Run":"r","Bundle":"b"}""" + "\n" + Saved.OneLine(Saved.JournalLine) + "\n"
        );
        Assert.Equal(["hessian", "ggn", "gradient"], points.Select(point => point.Operator));
        Assert.All(points, point => Assert.Equal(("r", 10), (point.Run, point.Step)));
        Assert.Equal((4, 0.1), Pair(points[0].LambdaMax));
        Assert.Equal((-1, 0.2), Pair(points[0].LambdaMin));

        // The second Ritz value is no eigenvalue yet.
        Assert.Equal([4], points[0].Eigenvalues!);
        Assert.Equal([-1, 0.5, 4], points[0].Density!.Nodes);
        Assert.Equal(20, points[0].Limit);
        Assert.Equal((900, 20), Pair(points[1].Variance));
        Assert.Equal((8.5, 0.125), Pair(points[2].Variance));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (double Value, double Error) Pair(Estimate? number) => (number!.Value, number.Error);

    private static string Again<T>(string json) =>
        JsonSerializer.Serialize(JsonSerializer.Deserialize<T>(json, ReportJson.Options)!, ReportJson.Options);

    private IReadOnlyList<SavedPoint> Points(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return SavedResult.Read(path);
    }
}
