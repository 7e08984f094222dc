using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace CurvatureMonitor.Torch.Interop;

/// <summary>The text that a failing native call leaves; the layout of <c>cm_error</c>.</summary>
[InlineArray(Capacity)]
internal struct NativeError
{
    private const int Capacity = 1024;

    private byte _first;

    internal readonly string Message
    {
        get
        {
            ReadOnlySpan<byte> bytes = MemoryMarshal.CreateReadOnlySpan(in _first, Capacity);
            int end = bytes.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
        }
    }
}
