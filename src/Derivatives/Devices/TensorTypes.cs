using CurvatureMonitor.Contracts.Models;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>The project's names of types and devices, in TorchSharp's.</summary>
internal static class TensorTypes
{
    internal static ScalarType ToTorch(this ElementType type) =>
        type == ElementType.Float32 ? ScalarType.Float32 : ScalarType.Float64;

    internal static TorchSharp.torch.Device ToTorch(this Contracts.Models.Device device)
    {
        LibTorch.Prepare();
        return device.IsCuda
            ? new TorchSharp.torch.Device(TorchSharp.DeviceType.CUDA, device.Index)
            : CPU;
    }

    internal static Contracts.Models.Device ToContracts(this TorchSharp.torch.Device device) =>
        device.type == TorchSharp.DeviceType.CUDA
            ? Contracts.Models.Device.Elsewhere($"cuda:{Math.Max(0, device.index)}")
            : Contracts.Models.Device.Cpu;

    /// <summary>Machine epsilon.</summary>
    internal static double Rounding(this ElementType type) =>
        type == ElementType.Float32 ? 1.1920928955078125e-07 : 2.2204460492503131e-16;
}
