using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions.Graphs;

/// <summary>
/// A node of libtorch's graph whose backward is written in C#: the derivative of one application of a function. It
/// lives as long as libtorch's graph holds it and is freed with the graph.
/// </summary>
/// <param name="wanted">The inputs whose derivatives it may be asked for: the node has an edge to each.</param>
internal abstract unsafe class Node(Wanted wanted)
{
    [ThreadStatic]
    private static nint* _wrapped;

    private NodeHandle _handle;
    private nint[] _saved = [];

    /// <summary>
    /// Whether this node is the derivative of a function for which input 0 is the incoming gradient, so that
    /// <see cref="Pass.ForCotangentOnly"/> concerns it.
    /// </summary>
    private protected virtual bool IsBackward => false;

    /// <summary>Makes the outputs, just computed without recording, depend on the inputs through this node.</summary>
    /// <param name="inputs">The function's inputs, in the order of <see cref="Wanted"/>.</param>
    /// <param name="outputs">Its outputs: tensors that were made for it, no views of others.</param>
    /// <param name="saved">Inputs and outputs that <see cref="Backward"/> reads; libtorch refuses a backward after one
    /// of them was changed in place.</param>
    private protected void Attach(
        ReadOnlySpan<Tensor?> inputs,
        ReadOnlySpan<Tensor> outputs,
        ReadOnlySpan<Tensor?> saved
    )
    {
        var slot = NodeSlot.Rent(this);
        _handle = NodeExports.Create(slot.ApplyPointer, slot.DeletedPointer);
        if (_handle.Shared == 0)
        {
            slot.Return();
            CheckForErrors();
        }

        try
        {
            Connect(inputs, outputs);
            _saved = new nint[saved.Length];
            for (int i = 0; i < saved.Length; i++)
            {
                _saved[i] = saved[i] is { } tensor ? NodeExports.Save(tensor.Handle, _handle, 0) : 0;
                CheckForErrors();
            }
        }
        finally
        {
            // From now on the outputs alone hold the node.
            NodeExports.DisposeShared(_handle);
        }
    }

    /// <summary>Computes the derivatives that <paramref name="wanted"/> names.</summary>
    /// <param name="gradients">One an output; null for one that nothing depends on.</param>
    /// <param name="wanted">The inputs that this pass asks for.</param>
    /// <param name="results">One an input, to be filled; null stands for zero. No tensor object stands twice.</param>
    private protected abstract void Backward(ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> results);

    /// <summary>A saved tensor, in the current dispose scope.</summary>
    private protected Tensor Saved(int index)
    {
        nint saved = _saved.Length == 0 ? 0 : _saved[index];
        if (saved == 0)
        {
            throw new InvalidOperationException("an earlier pass did not keep this graph");
        }

        nint tensor = NodeExports.Unpack(saved, _handle);
        if (tensor == 0)
        {
            CheckForErrors();
        }

        return Tensor.UnsafeCreateTensor(tensor);
    }

    /// <summary>Called by libtorch: the backward. No exception may leave it: that would end the process.</summary>
    internal TensorArray Run(TensorArray gradients)
    {
        var returned = ReturnedTensors.OfThisThread;
        var pass = Pass.Of(returned);
        returned.Begin(pass, wanted.Count + 1);
        try
        {
            Run(gradients, pass, returned);
            return returned.All();
        }
        catch (Exception exception)
        {
            pass?.Fail(exception);
            return returned.Refusal(wanted.Count);
        }
    }

    /// <summary>Called by libtorch as the last reference to the node goes.</summary>
    internal void Free()
    {
        ReleaseSaved();
        NodeExports.DisposeWeak(_handle);
        _handle = default;
    }

    private void Run(TensorArray gradients, Pass? pass, ReturnedTensors returned)
    {
        using var scope = NewDisposeScope();
        var given = new Tensor?[gradients.Count];
        for (int i = 0; i < given.Length; i++)
        {
            given[i] = gradients.Handles[i] == 0 ? null : Tensor.UnsafeCreateTensor(gradients.Handles[i]);
        }

        var asked = IsBackward && pass is { FollowsCotangentOnly: true } ? wanted.FirstAlone() : wanted;
        var results = new Tensor?[32 - BitOperations.LeadingZeroCount(wanted.Mask)];
        Backward(given, asked, results);
        for (int i = 0; i < results.Length; i++)
        {
            if (wanted[i])
            {
                returned.Add(results[i] is { } result ? result.DecoupleFromNativeHandle() : 0);
            }
        }

        if (!GraphTask.KeepsGraph)
        {
            ReleaseSaved();
        }
    }

    private void Connect(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs)
    {
        nint* edges = stackalloc nint[wanted.Count];
        int count = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            if (wanted[i])
            {
                edges[count++] = inputs[i]!.Handle;
            }
        }

        NodeExports.SetNextEdges(_handle, new(edges, count), 1);
        CheckForErrors();
        nint* handles = stackalloc nint[outputs.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            handles[i] = outputs[i].Handle;
        }

        WrapOutputs(new(handles, outputs.Length), _handle);
    }

    // The outputs themselves become part of the graph; the further handles to them that this makes are not needed.
    private static void WrapOutputs(TensorArray outputs, NodeHandle node)
    {
        nint* handles = stackalloc nint[(int)outputs.Count];
        new Span<nint>(handles, (int)outputs.Count).Clear();
        _wrapped = handles;
        NodeExports.WrapOutputs(default, default, default, outputs, node, &Allocate);
        for (int i = 0; i < outputs.Count; i++)
        {
            if (handles[i] != 0)
            {
                NodeExports.DisposeTensor(handles[i]);
            }
        }

        CheckForErrors();
    }

    [UnmanagedCallersOnly]
    private static nint* Allocate(nuint count) => _wrapped;

    private void ReleaseSaved()
    {
        foreach (nint saved in Interlocked.Exchange(ref _saved, []))
        {
            if (saved != 0)
            {
                NodeExports.DisposeSaved(saved);
            }
        }
    }
}
