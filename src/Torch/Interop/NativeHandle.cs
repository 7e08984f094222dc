using System.Runtime.InteropServices;

namespace CurvatureMonitor.Torch.Interop;

/// <summary>
/// Owns one native object. Disposal frees it at once; a handle that was forgotten is freed by the runtime's critical
/// finaliser, so that a bug costs memory for a while, not for ever.
/// </summary>
internal abstract class NativeHandle() : SafeHandle(IntPtr.Zero, ownsHandle: true)
{
    public override bool IsInvalid => handle == IntPtr.Zero;
}

internal sealed class VectorHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        Native.VectorFree(handle);
        return true;
    }
}

internal sealed class BasisHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        Native.BasisFree(handle);
        return true;
    }
}

internal sealed class ScriptModelHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        Native.ScriptModelFree(handle);
        return true;
    }
}

internal sealed class SamplesHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        Native.SamplesFree(handle);
        return true;
    }
}

internal sealed class ObjectiveHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        Native.ObjectiveFree(handle);
        return true;
    }
}

internal sealed class LinearizationHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        Native.LinearizationFree(handle);
        return true;
    }
}
