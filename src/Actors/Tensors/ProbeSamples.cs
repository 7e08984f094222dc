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
        long[] targets = probe.TargetShape.ToArray();
        return Samples.Of(
            [.. probe.Inputs.Select(ToTensor)],
            probe.IsClassification
                ? SampleTensor.Of(probe.Labels, targets)
                : SampleTensor.Of(probe.Targets, targets),
            type,
            device
        );
    }

    private static SampleTensor ToTensor(ProbeInput input) =>
        !input.Wholes.IsEmpty ? SampleTensor.Of(input.Wholes, input.Shape)
        : !input.Truths.IsEmpty ? SampleTensor.Of(input.Truths, input.Shape)
        : SampleTensor.Of(input.Numbers, input.Shape);
}
