using System.Collections.Concurrent;
using System.Text.Json;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Host.Serving;
using CurvatureMonitor.Intake.Runs;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Intake.Tests;

/// <summary>The server of runs from outside in this process, on a free port, with a client.</summary>
internal sealed class ServedIntake : IAsyncDisposable
{
    private readonly IntakeSession _session;

    private ServedIntake(IntakeSession session, Recorder recorder, ConcurrentQueue<string> notices)
    {
        _session = session;
        Events = recorder;
        Notices = notices;
        Client = new HttpClient { BaseAddress = session.Address, Timeout = Until.Patience };
    }

    internal HttpClient Client { get; }

    internal Recorder Events { get; }

    internal ConcurrentQueue<string> Notices { get; }

    internal IntakeService Service => _session.Service;

    internal static Task<ServedIntake> StartAsync(
        string data,
        IntakeOptions? options = null,
        string? token = null,
        params string[] watched
    ) => StartAsync(data, options, token, watched, logs: null);

    internal static async Task<ServedIntake> StartAsync(
        string data,
        IntakeOptions? options,
        string? token,
        string[] watched,
        ILoggerFactory? logs
    )
    {
        var recorder = new Recorder();
        var notices = new ConcurrentQueue<string>();
        var intake = options ?? new IntakeOptions();
        var session = await IntakeSession.StartAsync(
            new IntakeSetup
            {
                DataDirectory = data,
                Watched = watched,
                Intake = intake with
                {
                    PollInterval = TimeSpan.FromMilliseconds(50),
                    Settings = intake.Settings with { LanczosSteps = 6, Seed = 3 },
                },
                Monitor = new MonitorOptions { Threads = 1 },
                Token = token,
                Observers = [recorder],
                Logs = logs,
                Notice = notices.Enqueue,
            },
            CancellationToken.None
        );
        return new ServedIntake(session, recorder, notices);
    }

    /// <summary>Stops as Ctrl-C does.</summary>
    internal Task StopAsync() => _session.StopAsync();

    /// <summary>What a GET gives as JSON.</summary>
    internal async Task<JsonElement> GetAsync(string path)
    {
        using var document = JsonDocument.Parse(await Client.GetStringAsync(path));
        return document.RootElement.Clone();
    }

    /// <summary>The λ1 of the Hessian that the page shows of a run, by step.</summary>
    internal async Task<SortedDictionary<long, double>> SharpnessAsync(string run)
    {
        var history = await GetAsync($"/api/runs/{run}/history");
        var found = new SortedDictionary<long, double>();
        foreach (
            var point in history
                .GetProperty("measurements")
                .EnumerateArray()
                .Where(point => point.GetProperty("operator").GetString() == "hessian")
        )
        {
            found.Add(point.GetProperty("step").GetInt64(), point.GetProperty("lambda_max").GetDouble());
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _session.DisposeAsync();
    }

    /// <summary>Keeps the events, those that are told again apart.</summary>
    internal sealed class Recorder : IMonitorObserver
    {
        private readonly ConcurrentQueue<MonitorEvent> _events = new();

        internal ConcurrentQueue<MonitorEvent> Replayed { get; } = new();

        internal IReadOnlyList<T> Of<T>(string run)
            where T : MonitorEvent => [.. _events.OfType<T>().Where(e => e.Run == run)];

        public void OnEvent(MonitorEvent monitorEvent) => _events.Enqueue(monitorEvent);

        public void OnReplayed(MonitorEvent monitorEvent) => Replayed.Enqueue(monitorEvent);

        internal Task<T> FirstAsync<T>(string run, Func<T, bool>? matches = null)
            where T : MonitorEvent => Until.HasAsync(() => Of<T>(run).FirstOrDefault(e => matches?.Invoke(e) != false));
    }
}
