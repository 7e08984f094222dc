using System.Buffers.Binary;
using System.Runtime.InteropServices;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Tests.Bundles;

/// <summary>Masks, counters and tables of indices in checkpoints: each in its own type, and none where there is none.
/// </summary>
public sealed class DiscreteBufferTests : IDisposable
{
    private static readonly CheckpointLayout Layout = new(
        TestModels.Layout.Parameters,
        TestModels.Layout.Buffers,
        [
            new DiscreteSlot("mask", DiscreteType.Bool, [3], 0),
            new DiscreteSlot("order", DiscreteType.Int64, [2], 3) { Aliases = ["head.order"] },
            new DiscreteSlot("step", DiscreteType.Int32, [], 19),
            new DiscreteSlot("signs", DiscreteType.Int8, [2], 23),
            new DiscreteSlot("table", DiscreteType.Int16, [1, 2], 25),
            new DiscreteSlot("levels", DiscreteType.UInt8, [0], 29),
        ]
    );

    private readonly TemporaryFolder _folder = new();
    private readonly RunBundle _bundle;

    public DiscreteBufferTests() => _bundle = CommittedStep.Create(_folder["bundle"]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Float64)]
    public void What_is_written_is_read_in_the_model_s_own_types(ElementType type)
    {
        byte[][] given =
        [
            [1, 0, 1],
            [.. MemoryMarshal.AsBytes<long>([long.MinValue + 3, 1L << 40])],
            [.. MemoryMarshal.AsBytes<int>([-7])],
            [0xFF, 0x7F],
            [.. MemoryMarshal.AsBytes<short>([-300, 300])],
            [],
        ];
        using (var draft = new CheckpointDraft(Layout, type, hasSecondMoments: true))
        {
            for (int i = 0; i < given.Length; i++)
            {
                given[i].CopyTo(draft.Discrete(i));
            }

            using Checkpoint written = draft.Complete(TestModels.Info("r", 9));
            _bundle.WriteCheckpoint(written);
        }

        using (SafetensorsFile file = SafetensorsFile.Open(_bundle.TensorsPath(9)))
        {
            Assert.Equal(
                ["BOOL", "I64", "I32", "I8", "I16", "U8"],
                Layout.Discretes.Select(slot => file[slot.Name].Type.Label())
            );
        }

        using Checkpoint read = _bundle.ReadCheckpoint(9, Layout);
        using Checkpoint other = read.Retain();
        read.Dispose();
        Assert.Equal(given, Values(other));
    }

    [Fact]
    public void Those_that_a_file_has_not_stay_the_model_s_own()
    {
        Write();
        using (Checkpoint none = _bundle.ReadCheckpoint(7, Layout))
        {
            Assert.All(Values(none), Assert.Null);
        }

        Write(TensorContent.From("head.order", [2], new long[] { 1, 0 }));
        using Checkpoint one = _bundle.ReadCheckpoint(7, Layout);
        byte[]?[] values = Values(one);
        Assert.Equal(1, BinaryPrimitives.ReadInt64LittleEndian(values[1]));
        Assert.Equal([true, false, true, true, true, true], values.Select(value => value is null));

        // A checkpoint that is written on has no more than it was read with.
        _bundle.WriteCheckpoint(one);
        using Checkpoint again = _bundle.ReadCheckpoint(7, Layout);
        Assert.Equal(values, Values(again));
    }

    [Fact]
    public void A_tied_one_may_stand_under_both_names_while_its_numbers_are_the_same()
    {
        Write(
            TensorContent.From("order", [2], new long[] { 1, 0 }),
            TensorContent.From("head.order", [2], new long[] { 1, 0 })
        );
        _bundle.ReadCheckpoint(7, Layout).Dispose();
        Write(
            TensorContent.From("order", [2], new long[] { 1, 0 }),
            TensorContent.From("head.order", [2], new long[] { 0, 1 })
        );
        Refused("'head.order' is not a tensor of the model, nor equal to one of its shape");
    }

    [Fact]
    public void Wrappers_names_are_understood()
    {
        Write(TensorContent.FromBytes("module.mask", TensorType.Bool, [3], new byte[] { 0, 1, 0 }));
        using Checkpoint read = _bundle.ReadCheckpoint(7, Layout);
        Assert.Equal([0, 1, 0], Values(read)[0]);
    }

    [Fact]
    public void Another_type_shape_name_or_truth_value_is_refused()
    {
        Write(TensorContent.FromBytes("mask", TensorType.UInt8, [3], new byte[] { 0, 1, 0 }));
        Refused("'mask' has the type U8 where the model has BOOL");
        Write(TensorContent.From("mask", [3], new float[] { 0, 1, 0 }));
        Refused("'mask' has the type F32 where the model has BOOL");
        Write(TensorContent.FromBytes("order", TensorType.Int32, [2], new byte[8]));
        Refused("'order' has the type I32 where the model has I64");
        Write(TensorContent.From("order", [1, 2], new long[] { 0, 1 }));
        Refused("'order' has the shape [1, 2] where the model has [2]");
        Write(TensorContent.From("odrer", [2], new long[] { 0, 1 }));
        Refused("'odrer' is not a tensor of the model");
        Write(TensorContent.FromBytes("mask", TensorType.Bool, [3], new byte[] { 0, 2, 0 }));
        Refused("'mask' has a byte that is neither 0 nor 1");
    }

    [Fact]
    public void Batch_norm_s_own_count_and_what_the_optimiser_has_are_passed_over()
    {
        Write(
            TensorContent.From("bn.num_batches_tracked", [], new long[] { 12 }),
            TensorContent.From("optimizer.step", [], new long[] { 12 })
        );
        using Checkpoint read = _bundle.ReadCheckpoint(7, Layout);
        Assert.All(Values(read), Assert.Null);
        using Checkpoint plain = _bundle.ReadCheckpoint(7, TestModels.Layout);
        Assert.Equal(read.ParametersToArray(), plain.ParametersToArray());
    }

    [Fact]
    public void Where_the_model_has_none_any_is_passed_over()
    {
        Write(
            TensorContent.From("position_ids", [2], new long[] { 0, 1 }),
            TensorContent.FromBytes("mask", TensorType.Bool, [3], new byte[] { 0, 1, 0 })
        );
        _bundle.ReadCheckpoint(7, TestModels.Layout).Dispose();
        Refused("'position_ids' is not a tensor of the model");
    }

    [Fact]
    public void A_layout_has_each_name_once_and_no_gap()
    {
        var a = new DiscreteSlot("a", DiscreteType.Int16, [2], 0);
        Assert.Equal(4, new CheckpointLayout([], [], [a]).DiscreteByteCount);
        Assert.Throws<ArgumentException>(() => new CheckpointLayout([], [], [a, a with { Offset = 4 }]));
        Assert.Throws<ArgumentException>(() => new CheckpointLayout([], [], [a with { Offset = 1 }]));
        Assert.Throws<ArgumentException>(() => new CheckpointLayout([new TensorSlot("a", [], 0)], [], [a]));
    }

    private static byte[]?[] Values(Checkpoint checkpoint) =>
        [
            .. Enumerable
                .Range(0, Layout.Discretes.Count)
                .Select(i => checkpoint.TryGetDiscrete(i, out ReadOnlySpan<byte> values) ? values.ToArray() : null),
        ];

    private void Write(params TensorContent[] others) =>
        SafetensorsWriter.WriteFile(
            _bundle.TensorsPath(7),
            [
                TensorContent.From("fc.weight", [2, 3], TestModels.Numbers(6, 1)),
                TensorContent.From("fc.bias", [2], TestModels.Numbers(2, 2)),
                TensorContent.From("bn.running_mean", [2], TestModels.Numbers(2, 3)),
                .. others,
            ]
        );

    private void Refused(string fragment)
    {
        var error = BundleAssert.Refused(
            _bundle.TensorsPath(7),
            () => _bundle.ReadCheckpoint(7, Layout).Dispose(),
            fragment
        );
        Assert.InRange(error.Message.Length - _folder[""].Length, 1, 300);
    }
}
