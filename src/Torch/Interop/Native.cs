using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace CurvatureMonitor.Torch.Interop;

/// <summary>
/// Finds the native library once a process; the functions stand in the other parts of this class, one part a concept.
/// </summary>
internal static partial class Native
{
    private const string Library = "curvature_native";

    /// <summary>Names another copy of the library, for example one built against a CUDA libtorch.</summary>
    private const string PathVariable = "CURVATURE_NATIVE_LIBRARY";

    static Native() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Resolve);

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        string? path = name == Library ? Environment.GetEnvironmentVariable(PathVariable) : null;
        return string.IsNullOrEmpty(path) ? IntPtr.Zero : NativeLibrary.Load(path);
    }
}
