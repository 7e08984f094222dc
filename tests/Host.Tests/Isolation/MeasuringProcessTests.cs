using System.Text.Json.Nodes;
using CurvatureMonitor.Chaos.Tests.Support;
using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Host.Tests.Commands;

namespace CurvatureMonitor.Host.Tests.Isolation;

/// <summary>
/// <c>analyze</c> and <c>validate</c> with models that end their process or hold it up: one line, and nothing else.
/// </summary>
public sealed class MeasuringProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("analyze", "--out")]
    [InlineData("validate")]
    public async Task A_model_that_crashes_is_one_line(string command, params string[] options)
    {
        TinyBundle.Write(_folder["model"], HostileModels.Crashing, 1);
        string result = _folder["result.json"],
            line = await FailureAsync([command, _folder["model"], .. options, .. options.Select(_ => result)]);
        Assert.Contains(
            "the process that measured was ended by signal 8 (SIGFPE) while opening the model; no result was made; ",
            line,
            StringComparison.Ordinal
        );
        Assert.Equal([_folder["model"]], Directory.EnumerateFileSystemEntries(_folder.Root));
    }

    [Fact]
    public async Task A_model_that_does_not_end_is_ended_at_its_deadline()
    {
        TinyBundle.Write(_folder["model"], HostileModels.Endless, 1);
        string line = await FailureAsync("validate", _folder["model"], "--deadline", "2.5");
        Assert.Contains("the process that measured took longer than 2.5 s while ", line, StringComparison.Ordinal);
        Assert.EndsWith("raise --deadline, or ask for less", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_takes_all_memory_meets_a_limit()
    {
        TinyBundle.Write(_folder["model"], HostileModels.Hoarding, 1);
        string line = await FailureAsync("analyze", _folder["model"], "--memory-limit", "1000");
        Assert.Contains("can't allocate memory: you tried to allocate 8000000 bytes", line, StringComparison.Ordinal);
        Assert.EndsWith(
            "1000 MB are what its process may hold: raise --memory-limit, or lower micro_batch in run.json",
            line,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("XCPU", "was ended by signal 24 (SIGXCPU) while ")]
    [InlineData("KILL", "was ended by signal 9 (SIGKILL) from outside, as the kernel does when memory is short")]
    public async Task A_signal_is_named(string signal, string expected)
    {
        using var process = StartEndless();
        await ProcessTree.SignalAsync(await ChildAsync(process), signal);
        Assert.Equal(1, await process.ExitCodeAsync());
        Assert.Contains(expected, Assert.Single(process.Errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_ends_both_without_a_word()
    {
        using var process = StartEndless();
        int child = await ChildAsync(process);
        await process.InterruptAsync();
        Assert.Equal(1, await process.ExitCodeAsync());
        Assert.Equal("", process.Errors + process.Output);
        Assert.Empty(ProcessTree.Living([child]));
    }

    [Fact]
    public async Task Nothing_outlives_a_parent_that_is_killed()
    {
        using var process = StartEndless();
        int child = await ChildAsync(process);
        await process.KillAsync();
        await Until.HoldsAsync("the child has ended", () => !ProcessTree.Living([child]).Any());
    }

    [Fact]
    public async Task Results_are_those_of_a_measurement_in_the_same_process()
    {
        TinyBundle.Write(_folder["model"], TinyBundle.Linear, 1);
        Assert.Equal(await DocumentAsync(), await DocumentAsync("--in-process"));

        async Task<string> DocumentAsync(params string[] options)
        {
            using var process = HostProcess.Start(["analyze", _folder["model"], "--json", .. options]);
            Assert.True(await process.ExitCodeAsync() == 0, process.Errors);
            var document = JsonNode.Parse(process.Output)!;
            document["cost"]!.AsObject().Remove("seconds");
            return document.ToJsonString();
        }
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("99999:1")]
    public async Task What_only_the_program_sets_is_refused_from_others(string setting)
    {
        using var process = HostProcess.Start(
            new Dictionary<string, string> { ["CURVATURE_CHILD"] = setting },
            "validate",
            _folder.Root
        );
        Assert.Equal(2, await process.ExitCodeAsync());
        Assert.Contains(
            $"curvature: CURVATURE_CHILD={setting}: only the program itself sets this variable; unset it",
            Assert.Single(process.Errors.Trim().Split('\n')),
            StringComparison.Ordinal
        );
    }

    private static async Task<string> FailureAsync(params string[] arguments)
    {
        using var process = HostProcess.Start(arguments);
        Assert.Equal(1, await process.ExitCodeAsync());
        Assert.Empty(process.Output);
        string line = Assert.Single(process.Errors.Trim().Split('\n'));
        Assert.StartsWith("curvature: ", line, StringComparison.Ordinal);
        return line;
    }

    private static async Task<int> ChildAsync(HostProcess process)
    {
        int child = 0;
        await Until.HoldsAsync(
            "the measuring process has started",
            () => (child = ProcessTree.Of(process.ProcessId).Skip(1).FirstOrDefault()) != 0
        );
        return child;
    }

    private HostProcess StartEndless()
    {
        TinyBundle.Write(_folder["model"], HostileModels.Endless, 1);
        return HostProcess.Start("analyze", _folder["model"]);
    }
}
