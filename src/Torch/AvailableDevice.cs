using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Torch.Interop;

namespace CurvatureMonitor.Torch;

/// <summary>Devices that libtorch can use in this process.</summary>
public static class AvailableDevice
{
    extension(Device)
    {
        /// <summary>
        /// Reads <c>cpu</c>, <c>cuda</c> (the first one) or <c>cuda:N</c>, and checks that libtorch here can use it.
        /// </summary>
        /// <param name="text">The device's name as PyTorch writes it.</param>
        /// <exception cref="TorchException">The name is unknown (<see cref="TorchErrorKind.InvalidArgument"/>), or the
        /// device is not here (<see cref="TorchErrorKind.DeviceUnavailable"/>).</exception>
        public static Device Parse(string text)
        {
            Device device;
            try
            {
                device = Device.Elsewhere(text);
            }
            catch (UserErrorException unknown)
            {
                throw new TorchException(TorchErrorKind.InvalidArgument, unknown.Message);
            }

            if (device.IsCuda)
            {
                Native.RuntimeCheckDevice(device.Index, out var error).ThrowOnFailure(error);
            }

            return device;
        }
    }
}
