using CurvatureMonitor.Storage.Safetensors;
using static CurvatureMonitor.Storage.Tests.Safetensors.DamagedSafetensors;

namespace CurvatureMonitor.Storage.Tests.Safetensors;

/// <summary>Files of which the format says little.</summary>
public sealed class SafetensorsLeniencyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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
}
