using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives;

/// <summary>Devices that libtorch can use in this process.</summary>
public static class AvailableDevice
{
    extension(Device)
    {
        /// <summary>
        /// Reads <c>cpu</c>, <c>cuda</c> (the first one) or <c>cuda:N</c>, and checks that libtorch here can use it.
        /// </summary>
        /// <param name="text">The device's name as PyTorch writes it.</param>
        /// <exception cref="DerivativeException">The name is unknown
        /// (<see cref="DerivativeErrorKind.InvalidArgument"/>), or the device is not here
        /// (<see cref="DerivativeErrorKind.DeviceUnavailable"/>).</exception>
        public static Device Parse(string text)
        {
            Device device;
            try
            {
                device = Device.Elsewhere(text);
            }
            catch (UserErrorException unknown)
            {
                throw new DerivativeException(DerivativeErrorKind.InvalidArgument, unknown.Message);
            }

            Check(device);
            return device;
        }
    }

    /// <summary>Refuses a device that is not here.</summary>
    internal static void Check(Device device)
    {
        if (!device.IsCuda || device.Index < TorchRuntime.CudaDevices)
        {
            return;
        }

        throw new DerivativeException(
            DerivativeErrorKind.DeviceUnavailable,
            TorchRuntime.HasCuda
                ? $"{device} is not here; this machine shows {TorchRuntime.CudaDevices} CUDA device(s)"
                : $"libtorch {TorchRuntime.Version} here is built without CUDA; use --device cpu, or build with "
                    + "-p:TorchDevice=cuda"
        );
    }
}
