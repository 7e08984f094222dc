using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>Finds functions of libtorch itself that TorchSharp has no name for.</summary>
internal static class LibTorchSymbol
{
    /// <summary>The function's address; 0 where this libtorch has it not.</summary>
    /// <param name="name">Its name as compilers on Linux and macOS write it.</param>
    /// <param name="windowsName">Its name as Microsoft's compiler writes it; null where it is not used there.</param>
    /// <param name="file">The library's name without prefix and suffix.</param>
    internal static nint Find(string name, string? windowsName = null, string file = "torch_cpu")
    {
        bool windows = OperatingSystem.IsWindows();
        if (windows && windowsName is null)
        {
            return 0;
        }

        foreach (string candidate in windows ? [file] : new[] { file, "lib" + file })
        {
            if (
                NativeLibrary.TryLoad(candidate, typeof(Tensor).Assembly, null, out nint library)
                && NativeLibrary.TryGetExport(library, windows ? windowsName! : name, out nint symbol)
            )
            {
                return symbol;
            }
        }

        return 0;
    }
}
