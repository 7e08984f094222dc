using CurvatureMonitor.Storage.Safetensors;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Storage.Tests.Safetensors;

public sealed class SafetensorsRoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Whatever_is_written_is_read_back()
    {
        Gen<TensorContent[]> tensors = Gen.Choose(0, 6)
            .SelectMany(count => Gen.CollectToArray(Enumerable.Range(0, count).Select(WrittenTensors.Tensor)));
        Prop.ForAll(tensors.ToArbitrary(), contents =>
            {
                string path = _folder["round.safetensors"];
                SafetensorsWriter.WriteFile(
                    path,
                    contents,
                    new Dictionary<string, string> { ["made \"by\"\n"] = "tëst" }
                );
                using SafetensorsFile file = SafetensorsFile.Open(path);
                Assert.Equal("tëst", file.Metadata["made \"by\"\n"]);
                Assert.Equal(
                    contents.Select(c => c.Name).Order(StringComparer.Ordinal),
                    file.Tensors.Select(t => t.Name).Order(StringComparer.Ordinal)
                );
                foreach (TensorContent content in contents)
                {
                    TensorEntry tensor = file[content.Name];
                    Assert.Equal(content.Type, tensor.Type);
                    Assert.Equal(content.Shape, tensor.Shape);
                    Assert.Equal(WrittenTensors.Bytes(content), WrittenTensors.BytesOnDisk(path, tensor));
                }
            })
            .QuickCheckThrowOnFailure();
    }
}
