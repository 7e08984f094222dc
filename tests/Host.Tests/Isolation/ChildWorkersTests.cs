using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using CurvatureMonitor.Chaos.Tests.Support;
using CurvatureMonitor.Host.Isolation;
using CurvatureMonitor.Host.Tests.Analysis;

namespace CurvatureMonitor.Host.Tests.Isolation;

/// <summary>Processes of the program that are to be there always; a command without an end is a worker.</summary>
public sealed class ChildWorkersTests : IDisposable
{
    private const int BadInput = 2;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(0.2);

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<ChildLoss> _losses = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<ProcessStartInfo> _started = [];
    private readonly ChildWorkers _workers;

    public ChildWorkersTests() => _workers = new ChildWorkers(Program, TimeProvider.System, _losses.Enqueue);

    public void Dispose()
    {
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task One_that_is_lost_comes_again_and_all_end_together()
    {
        TinyBundle.Write(_folder["model"], HostileModels.Endless, 1);
        var running = _workers.RunAsync([Endless("one"), Endless("two")], BadInput, _stop.Token);
        int[] first = await ChildrenAsync(2);
        await ProcessTree.SignalAsync(first[0], "KILL");
        await Until.HoldsAsync("the loss is told", () => !_losses.IsEmpty);
        var loss = Assert.Single(_losses);
        Assert.Matches(
            @"^the worker (one|two) was ended by signal 9 \(SIGKILL\); another one starts in 0\.5 s$",
            loss.ToString()
        );
        await Until.HoldsAsync("another one has started", () => _started.Count == 3);
        int[] second = await ChildrenAsync(2);
        Assert.Contains(first[1], second);
        await _stop.CancelAsync();
        Assert.Equal(0, await running);
        Assert.Empty(ProcessTree.Living(second));
        Assert.Single(_losses);
    }

    [Fact]
    public async Task Pauses_grow_while_crashes_come_quickly()
    {
        TinyBundle.Write(_folder["model"], HostileModels.Crashing, 1);
        var running = _workers.RunAsync([Endless("one")], BadInput, _stop.Token);
        await Until.HoldsAsync("two crashes are told", () => _losses.Count >= 2);
        await _stop.CancelAsync();
        Assert.Equal(0, await running);
        Assert.All(_losses, loss => Assert.Equal(128 + 8, loss.End.Code));
    }

    [Fact]
    public async Task One_that_cannot_begin_ends_all()
    {
        TinyBundle.Write(_folder["model"], HostileModels.Endless, 1);
        var wrong = new ChildWorker("wrong", ["validate", _folder["nothing"]]);
        Assert.Equal(BadInput, await _workers.RunAsync([Endless("one"), wrong], BadInput, CancellationToken.None));
        Assert.Empty(_losses);
        Assert.Empty(Children());
    }

    [Fact]
    public async Task One_that_ends_in_order_does_not_come_again()
    {
        Assert.Equal(
            0,
            await _workers.RunAsync([new ChildWorker("short", ["--version"])], BadInput, CancellationToken.None)
        );
        Assert.Single(_started);
    }

    [Fact]
    public async Task Settings_and_limits_are_in_its_environment_and_not_in_its_command()
    {
        var worker = new ChildWorker("short", ["--version"])
        {
            Environment = new Dictionary<string, string> { ["CURVATURE__CLUSTER__CREDENTIALS"] = "/secret" },
            MemoryBytes = 1_000_000_000,
            Grace = Grace,
        };
        await _workers.RunAsync([worker], BadInput, CancellationToken.None);
        var info = Assert.Single(_started);
        Assert.Equal("/secret", info.Environment["CURVATURE__CLUSTER__CREDENTIALS"]);
        var setting = ChildSetting.Parse(info.Environment[ChildSetting.Variable]!);
        Assert.Equal(new ChildSetting(null, 1_000_000_000, Grace), setting);
        Assert.Equal("--version", info.ArgumentList[^1]);
    }

    [Fact]
    public async Task The_kernel_holds_it_to_its_limits_and_takes_it_before_others()
    {
        TinyBundle.Write(_folder["model"], HostileModels.Endless, 1);
        var worker = Endless("one") with { MemoryBytes = 2_000_000_000 };
        var running = _workers.RunAsync([worker], BadInput, _stop.Token);
        int child = (await ChildrenAsync(1))[0];
        await Until.HoldsAsync(
            "the limit holds",
            () => Regex.IsMatch(Read(child, "limits"), @"Max data size\s+2000000000\s")
        );
        Assert.Matches(@"Max core file size\s+0\s", Read(child, "limits"));
        Assert.Equal("500", Read(child, "oom_score_adj").Trim());
        await _stop.CancelAsync();
        Assert.Equal(0, await running);
    }

    [Fact]
    public void A_pause_grows_to_half_a_minute_and_is_short_again_after_a_long_life()
    {
        var backOff = new BackOff();
        double[] quick = [.. Enumerable.Range(0, 9).Select(_ => backOff.After(TimeSpan.Zero).TotalSeconds)];
        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30, 30], quick);
        Assert.Equal(0.5, backOff.After(TimeSpan.FromSeconds(6)).TotalSeconds);
        Assert.Equal(1, backOff.After(TimeSpan.FromSeconds(1)).TotalSeconds);
    }

    private ChildWorker Endless(string name) => new(name, ["validate", _folder["model"]]) { Grace = Grace };

    private async Task<int[]> ChildrenAsync(int count)
    {
        int[] children = [];
        await Until.HoldsAsync($"{count} children live", () => (children = Children()).Length == count);
        return children;
    }

    // Other tests start processes too: those of this one are known by their folder.
    private int[] Children() =>
        [
            .. ProcessTree
                .Living(ProcessTree.Of(Environment.ProcessId).Skip(1))
                .Where(id => Read(id, "cmdline").Contains(_folder.Root, StringComparison.Ordinal)),
        ];

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (IOException)
        {
            return "";
        }
    }

    private ProcessStartInfo Program(IEnumerable<string> arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "CurvatureMonitor.Host.dll");
        var info = new ProcessStartInfo("dotnet", [program, .. arguments]);
        _started.Enqueue(info);
        return info;
    }
}
