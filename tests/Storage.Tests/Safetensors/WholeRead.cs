using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Tests.Safetensors;

/// <summary>Reads all of a file.</summary>
internal static class WholeRead
{
    public static void OpenAndRead(string path)
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
