using CurvatureMonitor.Storage.Safetensors;
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
}
