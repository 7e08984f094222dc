using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>
/// libtorch's own reports of allocations, which its profiler is made of and TorchSharp has no name for. A reporter is a
/// C++ object with five virtual methods (c10/core/Allocator.h) in the state of a thread; here they lead to
/// <see cref="MemoryScope"/>. Where the C++ library is another than the one that this is written for (Windows), or the
/// symbols are missing, nothing is counted and <see cref="AreAvailable"/> is false.
/// </summary>
internal static unsafe class MemoryReports
{
    private const string PushSymbol =
        "_ZN3c1020ThreadLocalDebugInfo5_pushENS_13DebugInfoKindESt10shared_ptrINS_13DebugInfoBaseEE";
    private const string PopSymbol = "_ZN3c1020ThreadLocalDebugInfo4_popENS_13DebugInfoKindE";

    // c10::DebugInfoKind::PROFILER_STATE, where the allocators look.
    private const byte ProfilerState = 2;

    private static readonly delegate* unmanaged<byte, SharedPointer*, void> PushState;
    private static readonly delegate* unmanaged<SharedPointer*, byte, SharedPointer*> PopState;

    static MemoryReports()
    {
        LibTorch.Prepare();
        nint push = LibTorchSymbol.Find(PushSymbol, file: "c10"),
            pop = LibTorchSymbol.Find(PopSymbol, file: "c10");
        if (push == 0 || pop == 0)
        {
            return;
        }

        PushState = (delegate* unmanaged<byte, SharedPointer*, void>)push;
        PopState = (delegate* unmanaged<SharedPointer*, byte, SharedPointer*>)pop;

        Methods = (nint*)NativeMemory.Alloc((nuint)(5 * sizeof(nint)));
        Methods[0] = (nint)(delegate* unmanaged<nint, void>)&DoNothing;
        Methods[1] = (nint)(delegate* unmanaged<nint, void>)&DoNothing;
        Methods[2] = (nint)(delegate* unmanaged<MemoryScope.Reporter*, nint, long, nuint, nuint, short, void>)&Report;
        Methods[3] = (nint)(delegate* unmanaged<nint, long, nuint, nuint, short, void>)&IgnoreRefusal;
        Methods[4] = (nint)(delegate* unmanaged<nint, byte>)&IsEnabled;
        AreAvailable = true;
    }

    /// <summary>Whether allocations can be counted here.</summary>
    internal static bool AreAvailable { get; }

    /// <summary>The table of virtual methods that a reporter points to.</summary>
    internal static nint* Methods { get; }

    internal static void Push(MemoryScope.Reporter* reporter)
    {
        var pointer = new SharedPointer { Object = (nint)reporter };
        PushState(ProfilerState, &pointer);
    }

    internal static void Pop()
    {
        SharedPointer pointer;
        PopState(&pointer, ProfilerState);
    }

    [UnmanagedCallersOnly]
    private static void DoNothing(nint self)
    {
    }

    [UnmanagedCallersOnly]
    private static void Report(
        MemoryScope.Reporter* self,
        nint block,
        long bytes,
        nuint allocated,
        nuint reserved,
        short device
    ) => Unsafe.As<MemoryScope>(GCHandle.FromIntPtr(self->Scope).Target!).Add(bytes);

    [UnmanagedCallersOnly]
    private static void IgnoreRefusal(nint self, long bytes, nuint allocated, nuint reserved, short device)
    {
    }

    [UnmanagedCallersOnly]
    private static byte IsEnabled(nint self) => 1;

    /// <summary>A <c>std::shared_ptr</c> that owns nothing.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct SharedPointer
    {
        internal nint Object;
        internal nint Control;
    }
}
