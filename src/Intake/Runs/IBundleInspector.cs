using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Intake.Runs;

/// <summary>Learns what a bundle holds without running its model in this process.</summary>
internal interface IBundleInspector
{
    /// <summary>Looks at a bundle.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What it holds.</returns>
    /// <exception cref="UserErrorException">It cannot be measured, or the look at it did not end well.</exception>
    Task<BundleDescription?> InspectAsync(RunBundle bundle, CancellationToken cancellation);
}
