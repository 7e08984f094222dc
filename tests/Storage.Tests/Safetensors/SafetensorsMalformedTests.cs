using CurvatureMonitor.Storage.Safetensors;
using FsCheck;
using FsCheck.Fluent;
using static CurvatureMonitor.Storage.Tests.Safetensors.DamagedSafetensors;

namespace CurvatureMonitor.Storage.Tests.Safetensors;

public sealed class SafetensorsMalformedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_that_the_corpus_damages_is_itself_read()
    {
        using SafetensorsFile file = SafetensorsFile.Open(
            _folder.Write("good.safetensors", RawFile.Make(Good, new byte[16]))
        );

        Assert.Equal(["a", "b"], file.Tensors.Select(tensor => tensor.Name));
    }

    [Theory]
    [MemberData(nameof(Corpus), MemberType = typeof(DamagedSafetensors))]
    public void A_malformed_file_is_refused_in_one_line(string damage, byte[] content, string problem)
    {
        string path = _folder.Write("bad.safetensors", content);

        BundleException error = BundleAssert.Refused(path, () => SafetensorsFile.Open(path), problem);

        Assert.True(error.Message.Length < path.Length + 600, $"{damage}: {error.Message.Length} characters");
    }

    [Fact]
    public void Files_of_which_the_format_says_little_are_read()
    {
        string empty = _folder.Write("empty.safetensors", RawFile.Make("{}      "));
        string later = _folder.Write(
            "later.safetensors",
            RawFile.Make("""{"a":{"dtype":"U8","note":{"x":[1]},"shape":[1],"data_offsets":[0,1]}}""", 7)
        );
        string scalar = _folder.Write(
            "scalar.safetensors",
            Tensor(""" "dtype":"I16","shape":[],"data_offsets":[0,2] """, 2)
        );

        using (SafetensorsFile file = SafetensorsFile.Open(empty))
        {
            Assert.Empty(file.Tensors);
        }

        using (SafetensorsFile file = SafetensorsFile.Open(later))
        {
            Assert.Equal(1, file["a"].Count);
        }

        using (SafetensorsFile file = SafetensorsFile.Open(scalar))
        {
            Assert.Equal((1L, "[]"), (file["a"].Count, file["a"].ShapeText));
        }
    }

    [Fact]
    public void A_file_that_is_absent_or_a_folder_is_refused_in_one_line()
    {
        BundleAssert.Refused(_folder["absent"], () => SafetensorsFile.Open(_folder["absent"]), "cannot be read");
        BundleAssert.Refused(_folder["."], () => SafetensorsFile.Open(_folder["."]), "cannot be read");
    }

    [Fact]
    public void A_file_that_shrinks_while_it_is_open_is_refused_and_the_process_lives_on()
    {
        string path = _folder.Write(
            "shrinking.safetensors",
            Tensor(""" "dtype":"F32","shape":[4096],"data_offsets":[0,16384] """, 16384)
        );
        using SafetensorsFile file = SafetensorsFile.Open(path);
        using (var writer = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            writer.SetLength(5000);
        }

        BundleAssert.Refused(path, () => file.Read(file["a"], new float[4096]), "truncated while it was read");
        BundleAssert.Refused(path, () => file.Read(file["a"], new double[4096]), "truncated while it was read");
    }

    [Fact]
    public void Random_damage_is_either_harmless_or_refused_in_one_line_and_allocates_no_more_than_the_file_explains()
    {
        byte[] good = RawFile.Make(Good, new byte[16]);
        var damage =
            from edits in (
                from at in Gen.Choose(0, good.Length - 1)
                from value in Gen.Choose(0, 255)
                select (at, value: (byte)value)
            ).ListOf(3)
            from length in Gen.Frequency((3, Gen.Constant(good.Length)), (1, Gen.Choose(0, good.Length)))
            select (edits, length);
        Prop.ForAll(damage.ToArbitrary(), input =>
            {
                byte[] bytes = [.. good];
                foreach ((int at, byte value) in input.edits)
                {
                    bytes[at] = value;
                }

                OpenAndRead(_folder.Write("fuzz.safetensors", bytes[..input.length]));
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Random_headers_of_likely_parts_are_either_harmless_or_refused_in_one_line()
    {
        Gen<string> part = Gen.Elements(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"a\"",
            "\"b\"",
            "\"dtype\"",
            "\"shape\"",
            "\"data_offsets\"",
            "\"F32\"",
            "\"__metadata__\"",
            "0",
            "4",
            "8",
            "-1",
            "1e3",
            "9223372036854775807",
            "null",
            "true",
            "\"\\u0000\"",
            " "
        );
        Gen<string> header = Gen.Choose(0, 30)
            .SelectMany(count => part.ArrayOf(count))
            .Select(parts => "{\"a\":{" + string.Concat(parts));
        Prop.ForAll(header.ToArbitrary(), text =>
                OpenAndRead(_folder.Write("fuzz.safetensors", RawFile.Make(text, new byte[8])))
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static void OpenAndRead(string path)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using SafetensorsFile file = SafetensorsFile.Open(path);
            foreach (TensorEntry tensor in file.Tensors)
            {
                file.Read(tensor, new double[tensor.Count]);
            }
        }
        catch (BundleException error)
        {
            BundleAssert.IsOneLine(error);
        }

        // Objects, messages and the exception's trace take some kilobytes; what the file claims must not show.
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }
}
