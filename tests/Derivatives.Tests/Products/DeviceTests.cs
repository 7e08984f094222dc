using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.Tests.Products;

public sealed class DeviceTests
{
    [Fact]
    public void The_cpu_is_always_there()
    {
        Assert.Equal(Device.Cpu, Device.Parse("cpu"));
        Assert.Equal("cpu", Device.Cpu.ToString());
        Assert.False(Device.Cpu.IsCuda);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:one")]
    [InlineData("")]
    public void An_unknown_name_is_refused_with_the_known_ones(string name)
    {
        var exception = Assert.Throws<DerivativeException>(() => Device.Parse(name));
        Assert.Equal(DerivativeErrorKind.InvalidArgument, exception.Kind);
        Assert.Contains("use cpu, cuda or cuda:N", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cuda")]
    [InlineData("cuda:1")]
    [InlineData("cuda:99")]
    public void A_cuda_device_is_given_or_its_absence_explained(string name)
    {
        int index = name == "cuda" ? 0 : int.Parse(name.AsSpan(5), System.Globalization.CultureInfo.InvariantCulture);
        if (index < TorchRuntime.CudaDevices)
        {
            Assert.Equal(index, Device.Parse(name).Index);
            return;
        }

        var exception = Assert.Throws<DerivativeException>(() => Device.Parse(name));
        Assert.Equal(DerivativeErrorKind.DeviceUnavailable, exception.Kind);
        string reason = TorchRuntime.HasCuda ? $"cuda:{index} is not here" : "built without CUDA";
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }
}
