using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Actors.Tensors;

/// <summary>Probe sets as samples of the engine.</summary>
public static class ProbeSamples
{
    /// <summary>The samples of a probe set on a device, in the element type to compute in.</summary>
    /// <exception cref="DerivativeException">No memory, or the device is not here.</exception>
    public static Samples ToSamples(this ProbeSet probe, ElementType type, Device device)
    {
        ArgumentNullException.ThrowIfNull(probe);
        return probe.Tokens.IsEmpty
            ? WithTargets(probe, probe.Inputs, type, device)
            : WithTargets(probe, probe.Tokens, type, device);
    }

    private static Samples WithTargets<T>(ProbeSet probe, ReadOnlySpan<T> inputs, ElementType type, Device device)
        where T : unmanaged =>
        probe.IsClassification
            ? Samples.Of(inputs, probe.InputShape, probe.Labels, probe.TargetShape, type, device)
            : Samples.Of(inputs, probe.InputShape, probe.Targets, probe.TargetShape, type, device);
}
