using System.Net;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.LivePage.History;
using CurvatureMonitor.Reports.Arrays;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.LivePage.Tests;

/// <summary>Runs as files.</summary>
public sealed class RunDownloadTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static RunHistory History()
    {
        var history = new RunHistory();
        history.Start(new RunDescription("a/b") { Started = Time });
        history.Add(
            new TrainingPoint
            {
                Run = "a/b",
                Step = 1,
                Time = Time,
                Loss = 0.1,
                LearningRate = 0.5,
            }
        );
        history.Add(
            new TrainingPoint
            {
                Run = "a/b",
                Step = 2,
                Time = Time.AddSeconds(1),
                LearningRate = 0.5,
                BatchSize = 64,
            }
        );
        history.Add(
            Measurement(1, [3, 1]) with
            {
                Stability = new StabilityReading { Limit = 4, Ratio = 0.75 },
                Trace = 5,
            }
        );
        history.Add(Measurement(2, [7]) with { Density = new DiscreteDensity([-1, 0, 7], [0.1, 0.8, 0.1]) });
        return history;
    }

    private static MeasurementPoint Measurement(long step, IReadOnlyList<double> eigenvalues) =>
        new()
        {
            Run = "a/b",
            Step = step,
            Time = Time.AddSeconds(step),
            Analysis = "spectrum",
            Operator = "hessian",
            LambdaMax = eigenvalues[0],
            Eigenvalues = eigenvalues,
            Density = new DiscreteDensity([0, eigenvalues[0]], [0.75, 0.25]),
        };

    [Fact]
    public async Task CSV_has_a_row_a_measurement_and_an_empty_cell_where_nothing_is_known()
    {
        await using var served = await ServedHistory.StartAsync(History());
        using var response = await served.Client.GetAsync("/api/runs/a%2Fb/download?format=csv");
        Assert.Equal("text/csv", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("a-b-measurements.csv", response.Content.Headers.ContentDisposition?.FileName);
        string[][] rows =
        [
            .. (await response.Content.ReadAsStringAsync()).TrimEnd().Split("\r\n").Select(row => row.Split(',')),
        ];
        Assert.Equal(3, rows.Length);
        Assert.All(rows, row => Assert.Equal(rows[0].Length, row.Length));
        string Cell(int row, string column) => rows[row][Array.IndexOf(rows[0], column)];
        Assert.Equal(
            ("1", "3", "0.75", "5"),
            (Cell(1, "step"), Cell(1, "lambda_max"), Cell(1, "stability_ratio"), Cell(1, "trace"))
        );
        Assert.Equal(
            ("2", "7", "", ""),
            (Cell(2, "step"), Cell(2, "lambda_max"), Cell(2, "stability_ratio"), Cell(2, "trace"))
        );
    }

    [Fact]
    public async Task CSV_of_the_training_has_a_row_a_step()
    {
        await using var served = await ServedHistory.StartAsync(History());
        string text = await served.Client.GetStringAsync("/api/runs/a%2Fb/download?format=csv&table=training");
        Assert.Equal(
            "step,time,loss,learning_rate,batch_size\r\n"
                + "1,2026-01-02T03:04:05+00:00,0.1,0.5,\r\n2,2026-01-02T03:04:06+00:00,,0.5,64\r\n",
            text
        );
    }

    [Fact]
    public async Task JSON_is_the_history_itself()
    {
        await using var served = await ServedHistory.StartAsync(History());
        Assert.Equal(
            await served.Client.GetStringAsync("/api/runs/a%2Fb/history"),
            await served.Client.GetStringAsync("/api/runs/a%2Fb/download?format=json")
        );
    }

    [Fact]
    public async Task Npz_has_an_array_a_column_with_NaN_where_nothing_is_known()
    {
        await using var served = await ServedHistory.StartAsync(History());
        using var bytes = new MemoryStream(
            await served.Client.GetByteArrayAsync("/api/runs/a%2Fb/download?format=npz")
        );
        var arrays = NpzFile.Read(bytes).ToDictionary(array => array.Key, array => array.Value.Value);
        Assert.Equal(new long[] { 1, 2 }, arrays["training_step"]);
        Assert.Equal(new[] { 0.1, double.NaN }, arrays["training_loss"]);
        Assert.Equal(new[] { 0.75, double.NaN }, arrays["spectrum_hessian_stability_ratio"]);
        Assert.Equal(Time.AddSeconds(2).ToUnixTimeSeconds(), ((double[])arrays["spectrum_hessian_time"])[1]);
        Assert.Equal(
            [
                [3, 1],
                [7, double.NaN],
            ],
            (double[][])arrays["spectrum_hessian_eigenvalues"]
        );
        Assert.Equal(new long[] { 0, 2, 5 }, arrays["spectrum_hessian_density_offsets"]);
        Assert.Equal(new[] { 0, 3, -1.0, 0, 7 }, arrays["spectrum_hessian_density_nodes"]);
        Assert.Equal(new[] { 0.75, 0.25, 0.1, 0.8, 0.1 }, arrays["spectrum_hessian_density_weights"]);
    }

    [Theory]
    [InlineData("download", HttpStatusCode.BadRequest)]
    [InlineData("download?format=xml", HttpStatusCode.BadRequest)]
    [InlineData("download?format=npz&table=training", HttpStatusCode.BadRequest)]
    public async Task What_there_is_not_is_said_in_one_line(string request, HttpStatusCode expected)
    {
        await using var served = await ServedHistory.StartAsync(History());
        using var response = await served.Client.GetAsync($"/api/runs/a%2Fb/{request}");
        Assert.Equal(expected, response.StatusCode);
        Assert.Contains("format=csv", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_not_found_and_an_empty_one_is_an_empty_file()
    {
        var history = new RunHistory();
        history.Start(new RunDescription("new"));
        await using var served = await ServedHistory.StartAsync(history);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await served.Client.GetAsync("/api/runs/other/download?format=csv")).StatusCode
        );
        foreach (string format in new[] { "csv", "json", "npz" })
        {
            Assert.Equal(
                HttpStatusCode.OK,
                (await served.Client.GetAsync($"/api/runs/new/download?format={format}")).StatusCode
            );
        }
    }

    [Theory]
    [InlineData("lenet", "lenet.csv")]
    [InlineData("../x y", "-x-y.csv")]
    [InlineData("...", "run.csv")]
    public void File_names_are_plain(string run, string expected) =>
        Assert.Equal(expected, RunDownload.FileName(run, ".csv"));
}
