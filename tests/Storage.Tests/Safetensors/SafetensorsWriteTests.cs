using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Tests.Safetensors;

/// <summary>Writes that are long, wrong or fail.</summary>
public sealed class SafetensorsWriteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_tensor_longer_than_the_conversion_buffer_is_read_whole()
    {
        float[] values = [.. Enumerable.Range(0, 100_003).Select(i => i * 0.5f)];
        string path = _folder["long.safetensors"];
        SafetensorsWriter.WriteFile(path, [TensorContent.From("x", [100_003], values)]);

        using SafetensorsFile file = SafetensorsFile.Open(path);
        double[] read = new double[values.Length];
        file.Read(file["x"], read);

        Assert.Equal(values.Select(value => (double)value), read);
    }

    [Fact]
    public void A_name_given_twice_or_reserved_is_not_written()
    {
        TensorContent one = TensorContent.From("a", [1], new float[] { 1 });
        TensorContent reserved = TensorContent.From("__metadata__", [1], new float[] { 1 });

        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(Stream.Null, [one, one]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(Stream.Null, [reserved]));
        Assert.Throws<ArgumentException>(() => TensorContent.From("a", [2], new float[] { 1 }));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_earlier_file_and_nothing_else()
    {
        string path = _folder["kept.safetensors"];
        TensorContent one = TensorContent.From("a", [1], new float[] { 1 });
        SafetensorsWriter.WriteFile(path, [one]);
        byte[] before = File.ReadAllBytes(path);

        Assert.Throws<ArgumentException>(() => SafetensorsWriter.WriteFile(path, [one, one]));

        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
        BundleAssert.Refused(
            _folder["absent"],
            () => SafetensorsWriter.WriteFile(_folder["absent/x.safetensors"], [one]),
            "cannot be written"
        );
    }
}
