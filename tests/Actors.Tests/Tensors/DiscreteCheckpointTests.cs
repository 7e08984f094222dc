using System.Text;
using System.Text.Json.Nodes;
using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Tests;

namespace CurvatureMonitor.Actors.Tests.Tensors;

/// <summary>Buffers of whole numbers or truth values in what one process tells another of a bundle.</summary>
public sealed class DiscreteCheckpointTests
{
    private static readonly DiscreteSlot[] Slots =
    [
        new("order", DiscreteType.Int64, [2], 0) { Aliases = ["head.order"] },
        new("mask", DiscreteType.Bool, [3], 16),
    ];

    [Fact]
    public void A_description_tells_their_places()
    {
        CheckpointLayout layout = BundleDescription.Read(Text()).CreateLayout();
        Assert.Equal(19, layout.DiscreteByteCount);
        Assert.Equal(
            Slots.Select(slot => (slot.Name, slot.Type, slot.Offset, string.Join(',', slot.Names()))),
            layout.Discretes.Select(slot => (slot.Name, slot.Type, slot.Offset, string.Join(',', slot.Names())))
        );
    }

    [Fact]
    public void A_description_of_an_earlier_version_has_none()
    {
        var earlier = JsonNode.Parse(Text())!.AsObject();
        Assert.True(earlier.Remove("discretes"));
        Assert.Empty(BundleDescription.Read(Encoding.UTF8.GetBytes(earlier.ToJsonString())).CreateLayout().Discretes);
    }

    private static byte[] Text()
    {
        var written = new BundleDescription(
            4,
            ElementType.Float32,
            TestModels.Layout.Parameters,
            TestModels.Layout.Buffers
        )
        {
            Discretes = Slots,
        };
        using var stream = new MemoryStream();
        written.Write(stream);
        return stream.ToArray();
    }
}
