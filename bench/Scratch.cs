using CurvatureMonitor.Actors.Cluster.Claims;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Bench;

/// <summary>A folder for one benchmark, which goes with it.</summary>
internal sealed class Scratch : IDisposable
{
    internal string Folder { get; } = Directory.CreateTempSubdirectory("curvature-bench-").FullName;

    /// <summary>Claims on the bundles in the folder, which workers of this machine see too.</summary>
    internal BundleClaimSource Claims() =>
        new(
            new ClaimSourceOptions
            {
                Directory = Directory.CreateDirectory(Path.Combine(Folder, "host")).FullName,
                SharedDirectory = Folder,
            }
        );

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
