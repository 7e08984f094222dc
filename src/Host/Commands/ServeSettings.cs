using System.Net;
using CurvatureMonitor.Actors.Cluster.Nodes;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Host.Cluster;
using CurvatureMonitor.Host.Configuration;
using CurvatureMonitor.Host.Configuration.Rules;
using CurvatureMonitor.Intake.Runs;
using CurvatureMonitor.Storage.Stores;

namespace CurvatureMonitor.Host.Commands;

/// <summary>What the options of <c>serve</c> come to.</summary>
internal static class ServeSettings
{
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
    /// <exception cref="UserErrorException">A setting is wrong.</exception>
    /// <exception cref="DerivativeException">The device is not here.</exception>
    internal static IntakeOptions Intake(BoundOptions options, bool hasWorkers)
    {
        var serve = options.Get<ServeOptions>();
        var measuring = options.Get<MeasuringOptions>();
        bool isBudgetGiven = options.PlaceOf<MeasuringOptions>(nameof(MeasuringOptions.OverheadBudget)) is not null;
        var intake = new IntakeOptions
        {
            Analyses = measuring.CadencesOf(serve.Every),
            Settings = measuring.Settings(serve.Seed),

            // Workers take nothing from the training.
            OverheadBudget = hasWorkers && !isBudgetGiven ? null : measuring.Budget,
            Device = options.Get<ComputeOptions>().ParseDevice(),
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
        if ((options.Get<ClusterOptions>().Host(options) ?? own) is not { } node)
        {
            RefuseAlone(options);
            return null;
        }

        var jobs = options.Get<RemoteJobsOptions>();
        return new ClusterSetup
        {
            Node = node,
            PublicUrl = jobs.PublicUrl is { } text ? HttpUrlAttribute.Parse(text) : null,
            SharedDirectory = jobs.SharedDir is { } folder ? SharedFolder(options, folder) : null,
            DeviceKind = jobs.WorkerDevice,
        };
    }

    private static void RefuseAlone(BoundOptions options)
    {
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
