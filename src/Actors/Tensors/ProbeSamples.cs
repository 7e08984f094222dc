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
        bool areTokens = !probe.Tokens.IsEmpty;
        return (probe.IsClassification, areTokens) switch
        {
            (true, false) => Samples.Classification(
                probe.Inputs,
                probe.InputShape,
                probe.Labels,
                type,
                device,
                probe.Positions
            ),
            (true, true) => Samples.Classification(
                probe.Tokens,
                probe.InputShape,
                probe.Labels,
                type,
                device,
                probe.Positions
            ),
            (false, false) => Samples.Regression(
                probe.Inputs,
                probe.InputShape,
                probe.Targets,
                probe.Outputs,
                type,
                device
            ),
            (false, true) => Samples.Regression(
                probe.Tokens,
                probe.InputShape,
                probe.Targets,
                probe.Outputs,
                type,
                device
            ),
        };
    }
}
