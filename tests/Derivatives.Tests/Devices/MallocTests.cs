using CurvatureMonitor.Derivatives.Devices;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Devices;

/// <summary>Freed memory stays for the next pass, and what is in use is known.</summary>
[Collection(nameof(Functions.Graphs.LifetimeTests))]
public sealed class MallocTests
{
    private const long Size = 64L << 20;

    // The runtime allocates as well.
    private const long Slack = 8L << 20;

    public MallocTests() => LibTorch.Prepare();

    [Fact]
    public void The_bytes_of_a_tensor_are_counted()
    {
        long? before = Malloc.BytesInUse;
        using (zeros([Size], int8))
        {
            Assert.InRange(Malloc.BytesInUse!.Value - before!.Value, Size - Slack, Size + Slack);
        }

        Assert.InRange(Malloc.BytesInUse!.Value - before.Value, -Slack, Slack);
    }

    [Fact]
    public void A_large_tensor_is_no_mapping_of_its_own()
    {
        // Beyond the 32 MiB up to which glibc learns by itself, within the 64 MiB of a thread's arena.
        long? before = Malloc.MappedBytes;
        using var tensor = zeros([40L << 20], int8);
        Assert.Equal(before, Malloc.MappedBytes);
    }
}
