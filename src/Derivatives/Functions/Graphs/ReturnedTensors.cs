using System.Runtime.InteropServices;

namespace CurvatureMonitor.Derivatives.Functions.Graphs;

/// <summary>
/// The tensors that the last of our nodes on a thread gave libtorch. libtorch takes references of its own after the
/// node has returned, so ours can go with the next node of the thread, or with the pass, at the earliest.
/// </summary>
internal sealed unsafe class ReturnedTensors
{
    [ThreadStatic]
    private static ReturnedTensors? _ofThisThread;

    private readonly Lock _gate = new();
    private nint* _handles;
    private int _capacity;
    private int _count;
    private Pass? _pass;

    ~ReturnedTensors()
    {
        Release();
        NativeMemory.Free(_handles);
    }

    internal static ReturnedTensors OfThisThread => _ofThisThread ??= new();

    /// <summary>Releases the last node's and makes room.</summary>
    /// <param name="pass">The pass of the node that now returns; null where unknown.</param>
    /// <param name="capacity">The most tensors that it may return.</param>
    internal void Begin(Pass? pass, int capacity)
    {
        lock (_gate)
        {
            ReleaseAll();
            _pass = pass;
            if (capacity > _capacity)
            {
                _handles = (nint*)NativeMemory.Realloc(_handles, (nuint)(capacity * sizeof(nint)));
                _capacity = capacity;
            }
        }
    }

    internal void Add(nint handle) => _handles[_count++] = handle;

    /// <summary>The added ones, in order.</summary>
    internal TensorArray All() => new(_handles, _count);

    /// <summary>More tensors than the node has edges, all undefined: libtorch refuses and ends the pass.</summary>
    internal TensorArray Refusal(int edges)
    {
        lock (_gate)
        {
            ReleaseAll();
            new Span<nint>(_handles, edges + 1).Clear();
            return new(_handles, edges + 1);
        }
    }

    /// <summary>Releases all.</summary>
    internal void Release()
    {
        lock (_gate)
        {
            ReleaseAll();
        }
    }

    /// <summary>Releases those of a pass that has ended; others' stay.</summary>
    internal void Release(Pass pass)
    {
        lock (_gate)
        {
            if (_pass == pass)
            {
                ReleaseAll();
            }
        }
    }

    private void ReleaseAll()
    {
        for (int i = 0; i < _count; i++)
        {
            if (_handles[i] != 0)
            {
                NodeExports.DisposeTensor(_handles[i]);
            }
        }

        (_count, _pass) = (0, null);
    }
}
