using static CurvatureMonitor.Derivatives.Tests.TorchScript.Archives.PickleSketch;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Archives;

/// <summary>Files in the forms of PyTorch 2 and of Python's pickler.</summary>
public sealed class HandMadeArchiveTests
{
    [Fact]
    public void A_file_of_PyTorch_2_is_read()
    {
        using var archive = ArchiveSketch.ReadValue(Tensor(Storage("0", 6), 0, [2, 3], [3, 1], gradient: true));
        var tensor = Assert.IsType<Tensor>(archive.Root.Attributes["a"]);
        Assert.Equal([0f, 1, 2, 3, 4, 5], tensor.data<float>().ToArray());
        Assert.True(tensor.requires_grad);
        Assert.Equal("__torch__.M", archive.Root.TypeName);
        Assert.Equal(ArchiveSketch.Code, archive.Code["__torch__"]);
        Assert.Equal(3, archive.Version);
    }

    [Fact]
    public void A_version_below_dot_data_and_a_comment_at_the_end_are_read()
    {
        var zip = ArchiveSketch.Zip(Pickle(Module())).Without("version").With(".data/version", "10\n"u8.ToArray());
        byte[] file = new ZipSketch { Entries = zip.Entries, Comment = "PK\u0005\u0006 comment"u8.ToArray() }.Bytes();
        using var archive = ArchiveSketch.Read(file);
        Assert.Equal(10, archive.Version);
    }

    [Fact]
    public void Storages_in_a_folder_of_tensors_are_found()
    {
        var zip = ArchiveSketch.Zip(Pickle(Module(Text("a"), Tensor(Storage("7", 1, "LongStorage"), 0, [], []))));
        using var archive = ArchiveSketch.Read(zip.With("tensors/7", BitConverter.GetBytes(42L)).Bytes());
        Assert.Equal(42, ((Tensor)archive.Root.Attributes["a"]!).item<long>());
    }

    [Fact]
    public void Views_of_one_storage_share_its_bytes()
    {
        byte[] whole = Tensor(Storage("0", 6), 0, [2, 3], [3, 1]),
            column = Tensor(Storage("0", 6), 1, [2], [3]),
            transposed = Tensor(Storage("0", 6), 0, [3, 2], [1, 3]);
        using var archive = ArchiveSketch.ReadValue(Tuple(whole, column, whole, transposed, column));
        var tensors = ((object?[])archive.Root.Attributes["a"]!).Cast<Tensor>().ToArray();
        Assert.Same(tensors[0], tensors[2]);
        Assert.Same(tensors[1], tensors[4]);
        Assert.Equal(3, archive.Tensors.Count);
        tensors[0].mul_(10);
        Assert.Equal([10f, 40], tensors[1].contiguous().data<float>().ToArray());
        Assert.Equal([0f, 30, 10, 40, 20, 50], tensors[3].contiguous().data<float>().ToArray());
    }

    [Theory]
    [InlineData("FloatStorage", ScalarType.Float32, 6)]
    [InlineData("DoubleStorage", ScalarType.Float64, 3)]
    [InlineData("HalfStorage", ScalarType.Float16, 12)]
    [InlineData("BFloat16Storage", ScalarType.BFloat16, 12)]
    [InlineData("CharStorage", ScalarType.Int8, 24)]
    [InlineData("ShortStorage", ScalarType.Int16, 12)]
    [InlineData("IntStorage", ScalarType.Int32, 6)]
    [InlineData("LongStorage", ScalarType.Int64, 3)]
    [InlineData("ByteStorage", ScalarType.Byte, 24)]
    [InlineData("BoolStorage", ScalarType.Bool, 24)]
    public void Every_element_type_is_read_bit_by_bit(string storage, ScalarType type, long count)
    {
        using var archive = ArchiveSketch.ReadValue(Tensor(Storage("0", count, storage), 0, [count], [1]));
        var tensor = (Tensor)archive.Root.Attributes["a"]!;
        Assert.Equal(type, tensor.dtype);
        Assert.Equal(Enumerable.Range(0, 6).SelectMany(i => BitConverter.GetBytes((float)i)), tensor.bytes.ToArray());
    }

    [Fact]
    public void Values_of_every_kind_are_read()
    {
        byte[] pickle = Tuple(
            None,
            [0x88],
            Int(-5),
            Ops("G\u0040\u0009\u0021\u00fb\u0054\u0044\u002d\u0018"),
            Text("naïve"),
            List(Int(1), Text("x")),
            Call(Global("torch.jit._pickle", "build_intlist"), List(Int(7), Int(8))),
            Call(Global("torch.jit._pickle", "restore_type_tag"), List(Text("y")), Text("List[str]")),
            Join(Ops("}"), Text("k"), Int(3), Ops("s")),
            Call(Global("torch", "device"), Text("cuda:1")),
            Global("torch", "float64"),
            Module(Text("b"), None),
            [0x8c, 2, (byte)'h', (byte)'i'],
            Ops("J\u00ff\u00ff\u00ff\u00ff"),
            Ops("M\u0001\u0002"),
            Ops("\u008a\u0000")
        );
        using var archive = ArchiveSketch.ReadValue(pickle);
        Assert.Equal(
            "(None, Boolean True, Int64 -5, Double 3.141592653589793, String naïve, [Int64 1, String x], "
                + "[Int64 7, Int64 8], [String y], {k: Int64 3}, Device cuda:1, Int64 7, __torch__.M\nb = None, "
                + "String hi, Int64 -1, Int64 513, Int64 0)",
            ArchiveValues.Describe(archive.Root.Attributes["a"])
        );
    }

    [Fact]
    public void Opcodes_of_protocol_4_are_read()
    {
        byte[] name = [0x8c, 9, .. "__torch__"u8, 0x94, 0x8c, 1, (byte)'M', 0x94, 0x93, 0x94];
        byte[] attribute = [0x8c, 1, (byte)'a', 0x94, (byte)'h', 3];
        byte[] pickle = [0x80, 4, 0x95, .. new byte[8], .. name, .. Ops(")\u0081}("), .. attribute, .. Ops("ub.")];
        using var archive = ArchiveSketch.Read(ArchiveSketch.Zip(pickle).Bytes());
        Assert.Equal("__torch__.M\na = String a", ArchiveValues.Describe(archive.Root));
    }

    [Fact]
    public void Constants_have_storages_of_their_own()
    {
        var zip = ArchiveSketch.Zip(Pickle(Module()))
            .With("constants.pkl", Pickle(Tuple(Tensor(Storage("0", 1, "ByteStorage"), 0, [1], [1]), Int(2))))
            .With("constants/0", [9]);
        using var archive = ArchiveSketch.Read(zip.Bytes());
        Assert.Equal(9, ((Tensor)archive.Constants[0]!).item<byte>());
        Assert.Equal(2L, archive.Constants[1]);
    }

    [Fact]
    public void Empty_tensors_need_no_storage()
    {
        using var archive = ArchiveSketch.ReadValue(Tensor(Storage("none", 0), 0, [0, 3], [3, 1]));
        Assert.Equal([0, 3], ((Tensor)archive.Root.Attributes["a"]!).shape);
    }
}
