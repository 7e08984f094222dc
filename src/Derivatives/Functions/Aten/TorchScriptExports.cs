using System.Runtime.InteropServices;

namespace CurvatureMonitor.Derivatives.Functions.Aten;

/// <summary>The functions of libLibTorchSharp that compile and call TorchScript.</summary>
internal static unsafe partial class TorchScriptExports
{
    private const string Library = "LibTorchSharp";

    [LibraryImport(Library, EntryPoint = "THSJIT_compile", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint Compile(string source);

    [LibraryImport(Library, EntryPoint = "THSJIT_CompilationUnit_Invoke")]
    internal static partial void Invoke(
        nint unit,
        byte* name,
        TorchScriptValue* arguments,
        int count,
        delegate* unmanaged<int, nuint, TorchScriptValue*> allocate,
        sbyte* type,
        int index
    );
}
