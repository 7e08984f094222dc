using System.Net;
using CurvatureMonitor.Actors.Cluster.Nodes;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Host.Cluster;
using CurvatureMonitor.Host.Configuration;
using CurvatureMonitor.Host.Configuration.Rules;
using CurvatureMonitor.Host.Isolation;
using CurvatureMonitor.Intake.Runs;
using CurvatureMonitor.Storage.Journals;
using CurvatureMonitor.Storage.Stores;

namespace CurvatureMonitor.Host.Commands;

/// <summary>What the options of <c>serve</c> come to.</summary>
internal static class ServeSettings
{
    private static readonly TimeSpan OpeningDeadline = TimeSpan.FromMinutes(1);

    /// <summary>The folders that are watched, each once.</summary>
    internal static IReadOnlyList<string> Watched(ServeOptions serve) =>
        [.. serve.Watch.Distinct(StringComparer.Ordinal)];

    /// <summary>The token that trainers must send; null where none is needed.</summary>
    /// <exception cref="UserErrorException">One is needed, or the file has none.</exception>
    internal static string? Token(BoundOptions options)
    {
        string? token = options.Get<AccessOptions>().ReadToken();
        var address = options.Get<ServerOptions>().ListenAddress;
        return token is not null || IPAddress.IsLoopback(address)
            ? token
            : throw new UserErrorException(
                $"{options.PlaceOf<ServerOptions>(nameof(ServerOptions.Address))} {address}: others than this machine "
                    + $"can reach it, so trainers need a token: give --token-file, or set {AccessToken.Variable}"
            );
    }

    /// <summary>How runs are measured and kept.</summary>
    /// <param name="options">The options.</param>
    /// <param name="hasWorkers">Whether others measure than this process.</param>
    /// <exception cref="UserErrorException">A setting is wrong.</exception>
    /// <exception cref="DerivativeException">The device is not here.</exception>
    internal static IntakeOptions Intake(BoundOptions options, bool hasWorkers)
    {
        var compute = options.Get<ComputeOptions>();
        var serve = options.Get<ServeOptions>();
        var measuring = options.Get<MeasuringOptions>();
        bool isBudgetGiven = options.PlaceOf<MeasuringOptions>(nameof(MeasuringOptions.OverheadBudget)) is not null;
        var intake = new IntakeOptions
        {
            Analyses = measuring.CadencesOf(serve.Every),
            Settings = measuring.Settings(serve.Seed),

            // Workers elsewhere take nothing from the training.
            OverheadBudget = IsOpen(options) && !isBudgetGiven ? null : measuring.Budget,

            // Where others measure the device need not be here, and libtorch is not loaded to look.
            Device = hasWorkers
                ? Device.Elsewhere(options.Get<RemoteJobsOptions>().DevicesOr(compute)[0])
                : compute.ParseDevice(),
            ElementType = options.Get<PrecisionOptions>().ElementType,
            PollInterval = TimeSpan.FromSeconds(serve.Poll),
            GracePeriod = TimeSpan.FromSeconds(serve.MetricsGrace),
            StaleAfter = TimeSpan.FromSeconds(serve.StaleAfter),
            Retention = new BundleRetention { Last = serve.Keep, MaximumBytes = Gigabytes(serve.MaxDisk) },
            MaximumUpload = Gigabytes(serve.MaxUpload),
        };
        intake.Settings.Validate();
        return intake;
    }

    /// <summary>The cluster whose workers measure; null where this process does.</summary>
    /// <param name="options">The options.</param>
    /// <param name="own">How the host takes part where its workers are its own alone; null where it has none.</param>
    /// <exception cref="UserErrorException">A setting is wrong.</exception>
    internal static ClusterSetup? Cluster(BoundOptions options, NodeOptions? own)
    {
        if (IsOpen(options) && options.Get<IsolationOptions>().InProcess)
        {
            throw new UserErrorException(
                $"{options.PlaceOf<IsolationOptions>(nameof(IsolationOptions.InProcess))}: a host that gives its jobs "
                    + "away does not measure: leave it or --listen out"
            );
        }

        if (!IsOpen(options))
        {
            RefuseAlone(options);
        }

        if ((options.Get<ClusterOptions>().Host(options) ?? own) is not { } node)
        {
            return null;
        }

        // A file may have it for other commands.
        if (options.PlaceOf<MeasuringOptions>(nameof(MeasuringOptions.CurvatureActors)) == "--curvature-actors")
        {
            throw new UserErrorException("--curvature-actors: is of use with --in-process alone: give --workers");
        }

        var jobs = options.Get<RemoteJobsOptions>();
        return new ClusterSetup
        {
            Node = node,
            PublicUrl = jobs.PublicUrl is { } text ? HttpUrlAttribute.Parse(text) : null,
            SharedDirectory = jobs.SharedDir is { } folder ? SharedFolder(options, folder)
                : IsOpen(options) ? null
                : Path.GetPathRoot(Environment.SystemDirectory),
            DeviceKind = jobs.WorkerDevice,
        };
    }

    /// <summary>Opens bundles in place of this process; null where this process measures.</summary>
    /// <param name="options">The options.</param>
    /// <param name="hasWorkers">Whether others measure than this process.</param>
    internal static BundleInspector? Inspector(BoundOptions options, bool hasWorkers)
    {
        if (!hasWorkers)
        {
            return null;
        }

        // Without workers of its own the device is that of others.
        var compute = options.Get<ComputeOptions>();
        var jobs = options.Get<RemoteJobsOptions>();
        string device = jobs.Workers > 0 ? jobs.DevicesOr(compute)[0] : "cpu";
        var precision = options.Get<PrecisionOptions>();
        return new BundleInspector(
            DataDirectory.Inspected(options.Get<ServeOptions>().DataDir),
            ["--device", device, .. precision.Dtype is { } type ? (string[])["--dtype", type] : []],
            new MeasuringLimits(
                options.Get<MemoryLimitOptions>().Bytes ?? FreeMemory.For(device),
                options.Get<IsolationOptions>().DeadlineOrNone ?? OpeningDeadline
            ),
            TimeProvider.System
        );
    }

    private static bool IsOpen(BoundOptions options) => options.Get<ClusterOptions>().IsOpen;

    private static void RefuseAlone(BoundOptions options)
    {
        var jobs = options.Get<RemoteJobsOptions>();
        if (jobs.Workers == 0 && !options.Get<IsolationOptions>().InProcess)
        {
            throw new UserErrorException(
                $"{options.PlaceOf<RemoteJobsOptions>(nameof(RemoteJobsOptions.Workers))} 0: nobody would measure: "
                    + "give --listen for workers elsewhere, or leave it out"
            );
        }

        string[] all =
        [
            nameof(RemoteJobsOptions.PublicUrl),
            nameof(RemoteJobsOptions.SharedDir),
            nameof(RemoteJobsOptions.WorkerDevice),
        ];
        var places = all.Select(options.PlaceOf<RemoteJobsOptions>)
            .Append(options.PlaceOf<ClusterOptions>(nameof(ClusterOptions.Join)))
            .Append(options.PlaceOf<CredentialsOptions>(nameof(CredentialsOptions.Credentials)));
        if (places.FirstOrDefault(place => place is not null) is { } alone)
        {
            throw new UserErrorException($"{alone}: is of use with --listen alone");
        }
    }

    private static string SharedFolder(BoundOptions options, string folder) =>
        Directory.Exists(folder)
            ? Path.GetFullPath(folder)
            : throw new UserErrorException(
                $"{options.PlaceOf<RemoteJobsOptions>(nameof(RemoteJobsOptions.SharedDir))} {folder}: is no folder; "
                    + $"mount it, or leave it out and workers fetch over HTTP"
            );

    private static long Gigabytes(double value) => (long)(value * 1e9);
}
