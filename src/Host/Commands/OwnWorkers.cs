using System.Globalization;
using System.Net;
using CurvatureMonitor.Actors.Cluster.Nodes;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Host.Configuration;
using CurvatureMonitor.Host.Isolation;
using CurvatureMonitor.Host.Server;
using CurvatureMonitor.Storage.Credentials;

namespace CurvatureMonitor.Host.Commands;

/// <summary>
/// The workers that a host starts itself, as processes of this machine: they measure in its place. They join it over
/// loopback, with credentials that are made at each start unless the cluster has some.
/// </summary>
internal sealed class OwnWorkers : IDisposable
{
    private const string CredentialsVariable = "CURVATURE__CLUSTER__CREDENTIALS";

    private readonly BoundOptions _options;
    private readonly LoopbackCredentials? _credentials;
    private readonly string _join;
    private readonly string _folder;
    private readonly IReadOnlyList<string> _devices;

    private OwnWorkers(BoundOptions options, IReadOnlyList<string> devices)
    {
        (_options, _devices) = (options, devices);
        var cluster = options.Get<ClusterOptions>();
        if (cluster.Listen is { } listen)
        {
            // Without credentials of the cluster the host does not start.
            (_join, _folder) = (listen, options.Get<CredentialsOptions>().Credentials ?? string.Empty);
            return;
        }

        _credentials = LoopbackCredentials.Create(TimeProvider.System);
        var place = new ClusterEndpoint(IPAddress.Loopback.ToString(), LoopbackPort.Free());
        (_join, _folder) = (place.ToString(), _credentials.Worker);
        Node = new NodeOptions
        {
            Listen = place,
            Credentials = new RenewableCredentials(_credentials.Host, TimeProvider.System, _ => { }),
        };
    }

    /// <summary>How the host takes part where nobody else may join; null where the cluster's options say it.</summary>
    internal NodeOptions? Node { get; }

    /// <summary>Prepares them; nothing is started yet.</summary>
    /// <returns>Null where there are none.</returns>
    /// <exception cref="UserErrorException">Credentials cannot be written.</exception>
    internal static OwnWorkers? Of(BoundOptions options)
    {
        var jobs = options.Get<RemoteJobsOptions>();
        if (options.Get<IsolationOptions>().InProcess || jobs.Workers == 0)
        {
            return null;
        }

        var devices = jobs.DevicesOr(options.Get<ComputeOptions>());
        return new OwnWorkers(options, [.. devices.SelectMany(device => Enumerable.Repeat(device, jobs.Workers))]);
    }

    /// <summary>Keeps them running.</summary>
    /// <param name="closing">The host goes: those that end for want of it are not replaced.</param>
    /// <param name="cancellation">Ends them.</param>
    /// <returns>0, or the exit code of one that cannot begin.</returns>
    internal Task<int> RunAsync(CancellationToken closing, CancellationToken cancellation) =>
        ChildWorkers
            .OfThisProgram()
            .RunAsync(
                [.. _devices.Select((device, index) => Worker(device, index + 1))],
                ExitCodes.BadInput,
                cancellation,
                closing
            );

    /// <inheritdoc/>
    public void Dispose() => _credentials?.Dispose();

    private ChildWorker Worker(string device, int number)
    {
        var compute = _options.Get<ComputeOptions>();
        string name = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{number}");
        string threads = (compute.Threads ?? Math.Max(1, Environment.ProcessorCount / _devices.Count)).ToString(
            CultureInfo.InvariantCulture
        );
        List<string> arguments =
        [
            WorkerCommand.Name,
            "--join",
            _join,
            "--name",
            name,
            "--device",
            device,
            "--threads",
            threads,
            "--quiet",
            "--cache-dir",
            Path.Combine(Path.GetFullPath(_options.Get<ServeOptions>().DataDir), "workers"),
        ];
        Add("--memory-budget", compute.MemoryBudget?.ToString(CultureInfo.InvariantCulture));
        Add("--token-file", _options.Get<AccessOptions>().TokenFile);
        Add("--job-timeout", _options.Get<IsolationOptions>().Deadline?.ToString(CultureInfo.InvariantCulture));
        return new ChildWorker(name, arguments)
        {
            Environment = new Dictionary<string, string> { [CredentialsVariable] = Path.GetFullPath(_folder) },
            MemoryBytes = _options.Get<MemoryLimitOptions>().Bytes ?? FreeMemory.For(device),
        };

        void Add(string option, string? value)
        {
            if (value is not null)
            {
                arguments.AddRange([option, value]);
            }
        }
    }
}
