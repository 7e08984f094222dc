using System.Net;
using System.Text.Json.Nodes;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Reports.Runs;
using static CurvatureMonitor.LivePage.Tests.FullRun;

namespace CurvatureMonitor.LivePage.Tests;

public sealed class MonitorApiTests
{
    [Fact]
    public async Task Health_is_a_plain_ok()
    {
        await using var served = await ServedHistory.StartAsync();
        using var response = await served.Client.GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("ok", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Without_runs_the_list_is_empty()
    {
        await using var served = await ServedHistory.StartAsync();
        await AssertJsonAsync(served, "/api/runs", """{"runs":[]}""");
    }

    [Fact]
    public async Task The_list_says_what_is_known_of_each_run_and_nothing_else()
    {
        await using var served = await ServedHistory.StartAsync();
        FillRun(served.History);
        served.History.Start(new RunDescription("bare") { Started = Noon.AddHours(1) });
        await AssertJsonAsync(
            served,
            "/api/runs",
            $$"""{"runs":[{"run":"bare","state":"running","start_time":"2026-01-02T13:00:00+00:00"},{{FullSummary}}]}"""
        );
    }

    [Fact]
    public async Task A_history_holds_the_run_its_training_its_measurements_and_its_events()
    {
        await using var served = await ServedHistory.StartAsync();
        FillRun(served.History);
        await AssertJsonAsync(
            served,
            "/api/runs/full/history",
            $$"""
            {
              "run": {{FullSummary}},
              "training": [
                {"step":1,"time":"2026-01-02T12:00:01+00:00","loss":2.25,"learning_rate":0.1},
                {"step":2,"time":"2026-01-02T12:00:02+00:00","loss":1.5,"learning_rate":0.05,"accuracy":0.75}
              ],
              "measurements": [
                {
                  "run":"full","step":2,"time":"2026-01-02T12:00:03+00:00","analysis":"spectrum","operator":"hessian",
                  "lambda_max":30.5,"lambda_max_residual":0.25,"lambda_min":-1.5,"lambda_min_residual":0.125,
                  "eigenvalues":[30.5,12],"trace":80.5,
                  "density":{"nodes":[-1.5,30.5],"weights":[0.25,0.75]},
                  "stability":{"kind":"full","limit":40,"ratio":0.7625,"ratio_low":0.75,"ratio_high":0.775},
                  "cost":{"curvature_products":120,"seconds":1.25,"peak_bytes":5000000000},"lag_steps":7
                },
                {"run":"full","step":2,"time":"2026-01-02T12:00:04+00:00","analysis":"sharpness"}
              ],
              "events": [
                {"time":"2026-01-02T12:00:05+00:00","kind":"dropped","text":"step 1: dropped"},
                {"time":"2026-01-02T12:00:05+00:00","kind":"failed","text":"no memory"},
                {"time":"2026-01-02T12:00:05+00:00","kind":"restarted","text":"again"},
                {"time":"2026-01-02T12:00:05+00:00","kind":"state","text":"finished"}
              ]
            }
            """
        );
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public async Task Numbers_that_JSON_cannot_carry_are_absent(double value)
    {
        await using var served = await ServedHistory.StartAsync();
        served.History.Start(new RunDescription("a") { Started = Noon });
        served.History.Add(
            new TrainingPoint
            {
                Run = "a",
                Step = 1,
                Time = Noon,
                Loss = value,
                LearningRate = value,
                Accuracy = value,
            }
        );
        served.History.Add(
            new MeasurementPoint
            {
                Run = "a",
                Step = 1,
                Time = Noon,
                Analysis = "spectrum",
                Operator = "hessian",
                LambdaMax = value,
                LambdaMaxResidual = value,
                LambdaMin = value,
                LambdaMinResidual = value,
                Eigenvalues = [1, value],
                Trace = value,
                Density = new DiscreteDensity([1, value], [0.5, 0.5]),
                Stability = new StabilityReading
                {
                    Limit = value,
                    Ratio = value,
                    RatioLow = value,
                    RatioHigh = value,
                },
                Cost = new MeasurementCost(10, value, 20),
            }
        );
        await AssertJsonAsync(
            served,
            "/api/runs/a/history",
            """
            {
              "run":{"run":"a","state":"running","start_time":"2026-01-02T12:00:00+00:00","step":1},
              "training":[{"step":1,"time":"2026-01-02T12:00:00+00:00"}],
              "measurements":[
                {"run":"a","step":1,"time":"2026-01-02T12:00:00+00:00","analysis":"spectrum","operator":"hessian",
                 "stability":{"kind":"full"},"cost":{"curvature_products":10,"peak_bytes":20}}
              ],
              "events":[]
            }
            """
        );
    }

    [Theory]
    [InlineData(RunState.Running, "running")]
    [InlineData(RunState.Finished, "finished")]
    [InlineData(RunState.Failed, "failed")]
    [InlineData(RunState.Stale, "stale")]
    internal async Task A_state_is_a_lower_case_word(RunState state, string expected)
    {
        await using var served = await ServedHistory.StartAsync();
        served.History.ChangeState("a", state);
        var answer = JsonNode.Parse(await served.Client.GetStringAsync("/api/runs"))!;
        Assert.Equal(expected, (string?)answer["runs"]![0]!["state"]);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("sgd/lr=0.1/seed 3")]
    [InlineData("/")]
    [InlineData("a%2Fb")]
    [InlineData("100%")]
    [InlineData("%zz")]
    [InlineData("a+b&c=d?e#f")]
    [InlineData("Rößler λ₁ ∇²L")]
    [InlineData("走 🏃")]
    [InlineData("\"quoted\" \\ <tag>")]
    [InlineData("...")]
    [InlineData("tab\tand\nline")]
    public async Task A_run_is_found_by_its_name_whatever_characters_it_has(string name)
    {
        await using var served = await ServedHistory.StartAsync();
        served.History.Start(new RunDescription(name));
        var runs = JsonNode.Parse(await served.Client.GetStringAsync("/api/runs"))!;
        Assert.Equal(name, (string?)runs["runs"]![0]!["run"]);
        var document = JsonNode.Parse(
            await served.Client.GetStringAsync($"/api/runs/{Uri.EscapeDataString(name)}/history?x=/1/2")
        )!;
        Assert.Equal(name, (string?)document["run"]!["run"]);
    }

    [Fact]
    public async Task A_slash_in_a_name_is_told_from_its_escape()
    {
        await using var served = await ServedHistory.StartAsync();
        served.History.Start(new RunDescription("a/b") { Model = "slash" });
        served.History.Start(new RunDescription("a%2Fb") { Model = "escape" });
        var slash = JsonNode.Parse(await served.Client.GetStringAsync("/api/runs/a%2Fb/history"))!;
        var escape = JsonNode.Parse(await served.Client.GetStringAsync("/api/runs/a%252Fb/history"))!;
        Assert.Equal(("slash", "escape"), ((string?)slash["run"]!["model"], (string?)escape["run"]!["model"]));
    }

    [Theory]
    [InlineData("/api/runs/no%20such/history", "'no such'")]
    [InlineData("/api/nothing", null)]
    [InlineData("/nothing.html", null)]
    public async Task What_is_not_there_is_a_problem_document(string path, string? detail)
    {
        await using var served = await ServedHistory.StartAsync();
        using var response = await served.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(404, (int?)problem["status"]);
        Assert.Contains(detail ?? "", (string?)problem["detail"] ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_api_only_reads()
    {
        await using var served = await ServedHistory.StartAsync();
        using var response = await served.Client.PostAsync("/api/runs", new StringContent("{}"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    private static async Task AssertJsonAsync(ServedHistory served, string path, string expected)
    {
        using var response = await served.Client.GetAsync(path);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore);
        string actual = await response.Content.ReadAsStringAsync();
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);
    }
}
