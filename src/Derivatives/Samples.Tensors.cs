using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives;

/// <content>Samples of a TorchSharp program.</content>
public sealed partial class Samples
{
    /// <summary>
    /// Copies inputs and targets as a training passes them to module and loss. Floating-point numbers take the type to
    /// compute in, whole numbers become int64.
    /// </summary>
    /// <param name="inputs">Inputs [N, …].</param>
    /// <param name="targets">Targets [N, …], as the loss takes them.</param>
    /// <param name="type">The element type to compute in.</param>
    /// <param name="device">The device to compute on.</param>
    /// <exception cref="DerivativeException">The counts differ, there is no sample, or the device is not
    /// here.</exception>
    public static Samples Of(Tensor inputs, Tensor targets, ElementType type, Device device)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(device);
        AvailableDevice.Check(device);
        if (inputs.NumberOfElements == 0 || inputs.dim() == 0)
        {
            throw Arguments.Invalid("the inputs hold no sample: give a tensor [samples, …]");
        }

        if (targets.dim() == 0 || targets.shape[0] != inputs.shape[0])
        {
            throw Arguments.Invalid(
                $"there are {(targets.dim() == 0 ? 0 : targets.shape[0])} targets for {inputs.shape[0]} samples"
            );
        }

        return new Samples([Copy(inputs, type, device)], Copy(targets, type, device), type, device);
    }

    private static Tensor Copy(Tensor given, ElementType type, Device device) =>
        Calls.Make(() =>
        {
            var wanted =
                given.is_floating_point() ? type.ToTorch()
                : given.dtype == ScalarType.Bool ? ScalarType.Bool
                : ScalarType.Int64;
            return given.detach().to(wanted, device.ToTorch(), copy: true).contiguous();
        });
}
