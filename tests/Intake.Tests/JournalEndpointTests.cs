using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Journals;

namespace CurvatureMonitor.Intake.Tests;

/// <summary>The history on disk over HTTP: all of it, in pages of any size.</summary>
public sealed class JournalEndpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pages_of_any_size_are_the_file_line_by_line_and_an_empty_one_is_the_end()
    {
        TinyBundle
            .Write(_folder["watched/mlp"], TinyBundle.Linear, "mlp", 1, 2, 3, 4)
            .WriteFinish(new FinishMark(false));
        await using var served = await ServedIntake.StartAsync(_folder["data"], watched: _folder["watched"]);
        await served.Events.FirstAsync<RunEnded>("mlp");
        string file = File.ReadAllText(_folder["data/history/mlp.jsonl"]);
        foreach (int limit in new[] { 1, 3, 10_000 })
        {
            string whole = "",
                address = $"/api/runs/mlp/journal?limit={limit}";
            while (true)
            {
                using var response = await served.Client.GetAsync(new Uri(address, UriKind.Relative));
                Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
                string page = await response.Content.ReadAsStringAsync();
                if (page.Length == 0)
                {
                    break;
                }

                Assert.InRange(page.Count(character => character == '\n'), 1, limit);
                Assert.All(page.TrimEnd('\n').Split('\n'), line => JsonDocument.Parse(line).Dispose());
                whole += page;
                address = Regex
                    .Match(Assert.Single(response.Headers.GetValues("Link")), "^<([^>]+)>; rel=\"next\"$")
                    .Groups[1]
                    .Value;
            }

            Assert.Equal(file, whole);
        }
    }

    [Theory]
    [InlineData("/api/runs/nobody/journal", HttpStatusCode.NotFound)]
    [InlineData("/api/runs/..%2Fserve/journal", HttpStatusCode.NotFound)]
    [InlineData("/api/runs/mlp/journal?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("/api/runs/mlp/journal?after=5", HttpStatusCode.BadRequest)]
    [InlineData("/api/runs/mlp/journal?after=100000000", HttpStatusCode.BadRequest)]
    [InlineData("/api/runs/mlp/journal?after=-1", HttpStatusCode.BadRequest)]
    public async Task What_is_not_there_is_a_problem_in_one_line(string address, HttpStatusCode expected)
    {
        TinyBundle.Write(_folder["watched/mlp"], TinyBundle.Linear, "mlp", 1);
        await using var served = await ServedIntake.StartAsync(_folder["data"], watched: _folder["watched"]);
        await served.Events.FirstAsync<CheckpointMeasured>("mlp");
        using var response = await served.Client.GetAsync(new Uri(address, UriKind.Relative));
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public void A_line_that_is_being_written_is_in_no_page()
    {
        string path = _folder["run.jsonl"];
        File.WriteAllText(path, "{\"a\":1}\n{\"b\":2}\n{\"c");
        Assert.Equal(("{\"a\":1}\n", 8L), Page(0, 1));
        Assert.Equal(("{\"b\":2}\n", 16L), Page(8, 5));
        Assert.Equal(("", 16L), Page(16, 5));
        Assert.Null(Page(9, 5));

        (string Lines, long Next)? Page(long after, int limit) =>
            RunJournal.ReadPage(path, after, limit) is { } page
                ? (Encoding.UTF8.GetString(page.Lines), page.Next)
                : null;
    }
}
