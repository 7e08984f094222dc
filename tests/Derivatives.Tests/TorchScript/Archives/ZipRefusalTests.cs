using System.Text;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript.Archives;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Archives;

/// <summary>Zip files that no PyTorch wrote are refused in one line, before anything large is made.</summary>
public sealed class ZipRefusalTests
{
    private static byte[] Good { get; } =
        ArchiveSketch.Zip(PickleSketch.Pickle(PickleSketch.Module())).Bytes();

    private static ZipSketch Sketch => ArchiveSketch.Zip(PickleSketch.Pickle(PickleSketch.Module()));

    [Fact]
    public void A_file_that_is_cut_off_anywhere_is_refused()
    {
        for (int length = 0; length < Good.Length; length++)
        {
            ArchiveSketch.Refusal(Good[..length]);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("PK")]
    [InlineData("not a model")]
    public void A_file_that_is_no_zip_file_says_how_to_save_one(string text) =>
        Assert.Contains("torch.jit.script(model).save", ArchiveSketch.Refusal(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("data.pkl", "holds no TorchScript module")]
    [InlineData("constants.pkl", "holds no TorchScript module")]
    [InlineData("version", "has no entry 'version'")]
    public void A_file_without_an_entry_is_refused(string name, string expected) =>
        Assert.Contains(expected, ArchiveSketch.Refusal(Sketch.Without(name).Bytes()));

    [Theory]
    [InlineData("model/../x")]
    [InlineData("model/..")]
    [InlineData("/model/x")]
    [InlineData("model\\x")]
    [InlineData("model//x")]
    [InlineData("model/./x")]
    [InlineData("c:/model/x")]
    [InlineData("model/a\nb")]
    [InlineData("other/x")]
    [InlineData("x")]
    [InlineData("")]
    public void A_name_that_leaves_the_top_folder_is_refused(string name) =>
        ArchiveSketch.Refusal(Sketch.With(new ZipSketch.Entry(name, [1])).Bytes());

    [Fact]
    public void A_name_of_many_letters_is_refused() =>
        ArchiveSketch.Refusal(Sketch.With(new ZipSketch.Entry("model/" + new string('x', 2000), [1])).Bytes());

    [Fact]
    public void A_name_that_stands_there_twice_is_refused()
    {
        var sketch = Sketch;
        sketch.Entries.Add(new("model/version", "4"u8.ToArray()));
        Assert.Contains("twice", ArchiveSketch.Refusal(sketch.Bytes()));
    }

    [Fact]
    public void Two_texts_of_one_module_are_refused() =>
        ArchiveSketch.Refusal(Sketch.With("code/a/b.py", []).With("code/a.b.py", []).Bytes());

    [Fact]
    public void Entries_that_share_bytes_are_refused()
    {
        // The outer entry's bytes are an entry themselves.
        var inner = new ZipSketch { Entries = [new("model/x", new byte[100])] };
        byte[] held = inner.Bytes();
        var outer = new ZipSketch.Entry("model/y", held);
        uint place = (uint)(new ZipSketch { Entries = [outer] }.Bytes().AsSpan().IndexOf(held));
        var sketch = new ZipSketch { Entries = [outer, new("model/x", new byte[100]) { Offset = place }] };
        Assert.Contains("share bytes", ArchiveSketch.Refusal(sketch.Bytes()));
    }

    [Theory]
    [InlineData(uint.MaxValue, null)]
    [InlineData(0x7FFFFFFFu, 0x7FFFFFFFu)]
    [InlineData(1000000u, null)]
    [InlineData(null, 1000000u)]
    public void A_size_that_the_file_does_not_have_is_refused(uint? size, uint? stored) =>
        ArchiveSketch.Refusal(
            Sketch.With(new("model/data/0", new byte[24]) { DeclaredSize = size, DeclaredStoredSize = stored }).Bytes()
        );

    [Fact]
    public void A_place_outside_the_file_is_refused() =>
        ArchiveSketch.Refusal(Sketch.With(new("model/x", new byte[24]) { Offset = 4_000_000_000 }).Bytes());

    [Theory]
    [InlineData(0x0809, (ushort)0, "encrypted")]
    [InlineData(0x0800, (ushort)12, "method 12")]
    public void Encryption_and_other_compression_are_refused(ushort flags, ushort method, string expected) =>
        Assert.Contains(
            expected,
            ArchiveSketch.Refusal(Sketch.With(new("model/x", [1]) { Flags = flags, Method = method }).Bytes())
        );

    [Fact]
    public void A_text_that_inflates_a_thousandfold_is_refused_before_it_does()
    {
        var bomb = new ZipSketch.Entry("model/code/x.py", new byte[200_000_000]) { Deflate = true };
        byte[] file = Sketch.With(bomb).Bytes();
        Assert.InRange(file.Length, 1, 400_000);
        long allocated = ArchiveSketch.Allocated(() => ArchiveSketch.Refusal(file));
        Assert.InRange(allocated, 0, 2_000_000);
    }

    [Theory]
    [InlineData(10u, "more than")]
    [InlineData(5000u, "less than")]
    public void A_text_that_inflates_to_another_size_is_refused(uint size, string expected) =>
        Assert.Contains(
            expected,
            ArchiveSketch.Refusal(
                Sketch.With(new("model/code/x.py", new byte[1000]) { Deflate = true, DeclaredSize = size }).Bytes()
            )
        );

    [Fact]
    public void A_wrong_checksum_is_refused() =>
        Assert.Contains(
            "checksum",
            ArchiveSketch.Refusal(Sketch.With(new("model/code/x.py", [65]) { Checksum = 1 }).Bytes())
        );

    [Fact]
    public void Big_endian_files_are_refused() =>
        Assert.Contains("little-endian", ArchiveSketch.Refusal(Sketch.With("byteorder", "big"u8.ToArray()).Bytes()));

    [Theory]
    [InlineData("11\n")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("99999999999999999999")]
    public void A_version_that_is_not_known_is_refused(string version) =>
        ArchiveSketch.Refusal(Sketch.With("version", Encoding.UTF8.GetBytes(version)).Bytes());

    [Fact]
    public void More_entries_than_the_directory_holds_are_refused()
    {
        byte[] file = [.. Good];
        BitConverter.GetBytes(long.MaxValue).CopyTo(file, file.Length - 22 - 20 - 56 + 32);
        ArchiveSketch.Refusal(file);
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused() =>
        Assert.Contains(
            "cannot be opened",
            Assert.Throws<DerivativeException>(() => ScriptArchiveReader.Read("/nowhere/model.pt")).Message
        );
}
