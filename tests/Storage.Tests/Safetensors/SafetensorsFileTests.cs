using CurvatureMonitor.Storage.Safetensors;
using static CurvatureMonitor.Storage.Tests.Safetensors.DamagedSafetensors;

namespace CurvatureMonitor.Storage.Tests.Safetensors;

/// <summary>Files that are absent or shrink.</summary>
public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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
}
