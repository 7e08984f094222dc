using System.Runtime.InteropServices;

namespace CurvatureMonitor.Derivatives.Functions.Graphs;

/// <summary>
/// A pair of functions that libtorch calls for one node at a time. libtorch's callbacks carry no argument that tells
/// the node, and to make two functions a node would cost more than the node; so a slot serves one node after the other.
/// It roots its node while libtorch's graph holds it. Slots are never freed: as many stay as nodes lived at once.
/// </summary>
internal sealed unsafe class NodeSlot
{
    // The garbage collector does not know that libtorch uses the functions of a slot.
    private static readonly List<NodeSlot> All = [];
    private static readonly Stack<NodeSlot> Free = [];
    private static int _alive;

    // They keep the native functions valid.
    private readonly ApplyFunction _apply;
    private readonly DeletedFunction _deleted;
    private Node? _node;

    private NodeSlot()
    {
        (_apply, _deleted) = (Apply, Deleted);
        ApplyPointer = Marshal.GetFunctionPointerForDelegate(_apply);
        DeletedPointer = Marshal.GetFunctionPointerForDelegate(_deleted);
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate TensorArray ApplyFunction(nint* gradients, int count);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void DeletedFunction();

    /// <summary>How many of our nodes libtorch's graphs hold.</summary>
    internal static int Alive => Volatile.Read(ref _alive);

    internal nint ApplyPointer { get; }

    internal nint DeletedPointer { get; }

    internal static NodeSlot Rent(Node node)
    {
        NodeSlot? slot;
        lock (Free)
        {
            if (!Free.TryPop(out slot))
            {
                All.Add(slot = new());
            }
        }

        slot._node = node;
        Interlocked.Increment(ref _alive);
        return slot;
    }

    /// <summary>Gives the slot back; it serves another node from now on.</summary>
    internal void Return()
    {
        _node = null;
        Interlocked.Decrement(ref _alive);
        lock (Free)
        {
            Free.Push(this);
        }
    }

    private TensorArray Apply(nint* gradients, int count) => _node!.Run(new(gradients, count));

    private void Deleted()
    {
        _node!.Free();
        Return();
    }
}
