using System.Text.Json;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Host.Configuration;
using CurvatureMonitor.Host.Tests.Analysis;

namespace CurvatureMonitor.Host.Tests.Configuration;

public sealed class SettingSourcesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_sets_what_it_names_and_nothing_else()
    {
        var bound = Bind(
            """
            {
              // Comments are allowed.
              "server": { "port": 0, "prometheus": null },
              "measuring": { "lanczosSteps": 7, "analyses": ["trace:5", "spectrum"], "overhead-budget": 0.25 },
              "serve": { "watch": ["a", "b,c"], "max_disk": 2.5 },
              "training": { "exit": true, "learningRate": 1e-3 }
            }
            """
        );
        Assert.Equal((0, null), (bound.Get<ServerOptions>().Port, bound.Get<ServerOptions>().Prometheus));
        Assert.Equal("127.0.0.1", bound.Get<ServerOptions>().Address);
        var measuring = bound.Get<MeasuringOptions>();
        Assert.Equal((7, "trace:5,spectrum", 0.25), (measuring.LanczosSteps, measuring.Analyses, measuring.Budget));
        Assert.Equal(["a", "b,c"], bound.Get<ServeOptions>().Watch);
        Assert.Equal(2.5, bound.Get<ServeOptions>().MaxDisk);
        Assert.Equal((true, 1e-3), (bound.Get<TrainOptions>().Exit, bound.Get<TrainOptions>().LearningRate));
        Assert.Equal(1000, bound.Get<TrainOptions>().Steps);
        Assert.Null(bound.PlaceOf<ServerOptions>(nameof(ServerOptions.Address)));
        Assert.EndsWith(
            "settings.json: server.port (--port)",
            bound.PlaceOf<ServerOptions>(nameof(ServerOptions.Port)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_command_line_goes_before_the_file()
    {
        var bound = Bind(
            """{ "server": { "port": 1, "address": "::1" } }""",
            new() { ["server:port"] = new Setting(["2"], "--port") }
        );
        Assert.Equal((2, "::1"), (bound.Get<ServerOptions>().Port, bound.Get<ServerOptions>().Address));
        Assert.Equal("--port", bound.PlaceOf<ServerOptions>(nameof(ServerOptions.Port)));
    }

    [Fact]
    public void More_than_ten_items_of_a_list_keep_their_order()
    {
        string[] folders = [.. Enumerable.Range(0, 12).Select(number => $"f{number}")];
        var bound = Bind(JsonSerializer.Serialize(new { serve = new { watch = folders } }));
        Assert.Equal(folders, bound.Get<ServeOptions>().Watch);
    }

    [Theory]
    [InlineData("""{"server":{"prot":1}}""", "server.prot: there is no such option; did you mean server.port")]
    [InlineData("""{"port":1}""", "port: there is no such option; did you mean server.port (--port)?")]
    [InlineData("""{"server":{"port":{"x":1}}}""", "server.port.x: there is no such option")]
    [InlineData("""{"server":{"port":70000}}""", "server.port (--port) 70000: give a whole number from 0 to 65535")]
    [InlineData("""{"server":{"port":"http"}}""", "server.port (--port) http: give a whole number from 0 to 65535")]
    [InlineData("""{"server":{"port":[1,2]}}""", "server.port (--port) 1,2: give a whole number from 0 to 65535")]
    [InlineData("""{"training":{"exit":"yes"}}""", "training.exit (--exit) yes: give true or false")]
    [InlineData("""{"training":{"seed":1.5}}""", "training.seed (--seed) 1.5: give a whole number")]
    [InlineData("""{"training":{"learningRate":"big"}}""", "training.learningRate (--learning-rate) big: give a n")]
    [InlineData("""{"training":{"pace":61}}""", "training.pace (--pace) 61: give a number from 0 to 60")]
    [InlineData("""{"measuring":{"operators":"fisher"}}""", "measuring.operators (--operators) fisher: choose from h")]
    [InlineData("""{"measuring":{"operators":"ggn,ggn"}}""", "measuring.operators (--operators) ggn,ggn: name at")]
    [InlineData("""{"measuring":{"analyses":"trace:0"}}""", "measuring.analyses (--analyses) trace:0: give a name, or")]
    [InlineData("""{"measuring":{"analyses":"trace,trace:2"}}""", "measuring.analyses (--analyses) trace,trace:2: na")]
    [InlineData("""{"server":""", "cannot be read (")]
    [InlineData("[1]", "cannot be read (")]
    public void What_cannot_be_used_is_one_line_with_file_option_and_remedy(string json, string expected)
    {
        string message = Assert.Throws<UserErrorException>(() => Bind(json)).Message;
        Assert.StartsWith(_folder["settings.json"] + ": ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_file_that_is_named_must_be_there() =>
        Assert.Contains(
            "no such file",
            Assert
                .Throws<UserErrorException>(() =>
                    SettingSources.Read(new Dictionary<string, Setting>(), _folder["none.json"])
                )
                .Message,
            StringComparison.Ordinal
        );

    private BoundOptions Bind(string json, Dictionary<string, Setting>? commandLine = null)
    {
        File.WriteAllText(_folder["settings.json"], json);
        return BoundOptions.Bind(
            [typeof(ServerOptions), typeof(MeasuringOptions), typeof(ServeOptions), typeof(TrainOptions)],
            SettingSources.Read(commandLine ?? [], _folder["settings.json"])
        );
    }
}
