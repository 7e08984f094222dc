using System.Runtime.InteropServices;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Torch.Interop;

/// <summary>The functions on script models.</summary>
internal static partial class Native
{
    [LibraryImport(Library, EntryPoint = "cm_script_model_load", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial NativeStatus ScriptModelLoad(
        string path,
        ElementType type,
        int device,
        out ScriptModelHandle model,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_script_model_define", StringMarshalling = StringMarshalling.Utf8)]
    internal static unsafe partial NativeStatus ScriptModelDefine(
        string name,
        string source,
        byte** names,
        int* ranks,
        long* dims,
        int parameters,
        int buffers,
        ElementType type,
        int device,
        out ScriptModelHandle model,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_script_model_save", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial NativeStatus ScriptModelSave(ScriptModelHandle model, string path, out NativeError error);

    [LibraryImport(Library, EntryPoint = "cm_script_model_slots")]
    internal static unsafe partial NativeStatus ScriptModelSlots(
        ScriptModelHandle model,
        int buffers,
        byte* text,
        long capacity,
        out long written,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_script_model_read")]
    internal static partial NativeStatus ScriptModelRead(
        ScriptModelHandle model,
        int buffers,
        VectorHandle destination,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_script_model_write")]
    internal static partial NativeStatus ScriptModelWrite(
        ScriptModelHandle model,
        int buffers,
        VectorHandle source,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_script_model_free")]
    internal static partial void ScriptModelFree(IntPtr handle);
}
