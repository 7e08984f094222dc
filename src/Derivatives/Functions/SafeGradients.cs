using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Functions.Aten;
using CurvatureMonitor.Derivatives.Functions.Graphs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>
/// Gradients whose failures are exceptions. An error inside <c>torch.autograd.grad</c> called from C# (no path to a
/// gradient, no double backward, no memory) ends the process; the same call inside a TorchScript function throws as it
/// should. So this is the only place that asks libtorch for a gradient.
/// </summary>
internal static unsafe class SafeGradients
{
    private static readonly CompiledFunction Gradients = new(
        """
        def f(y: List[Tensor], x: List[Tensor], v: List[Tensor], keep: bool, create: bool) -> List[Tensor]:
            w: List[Optional[Tensor]] = []
            for i in range(len(v)):
                w.append(v[i])
            found = torch.grad(y, x, w, keep, create, True)
            none = torch.zeros([0])
            result: List[Tensor] = []
            for i in range(len(found)):
                part = found[i]
                if part is None:
                    result.append(none)
                else:
                    result.append(part)
            return result
        """
    );

    // libtorch runs the nodes of such a device on threads of its own, where only a root makes a pass known.
    private static readonly Lazy<bool> HasDeviceThreads = new(() =>
    {
        LibTorch.Prepare();
        return cuda.is_available() || mps_is_available();
    });

    /// <summary>∂(Σ yᵢ·vᵢ)/∂x.</summary>
    /// <param name="y">What is differentiated.</param>
    /// <param name="x">For what.</param>
    /// <param name="v">One weight a tensor of y, of its shape.</param>
    /// <param name="keep">Whether the graph stays for another pass.</param>
    /// <param name="create">Whether the result has a graph of its own.</param>
    /// <returns>One tensor an element of x, in the current dispose scope; null where y does not depend on it.</returns>
    /// <exception cref="DerivativeException">libtorch, or a backward of ours, refused; the message is its first line.
    /// </exception>
    internal static Tensor?[] Of(
        IReadOnlyList<Tensor> y,
        IReadOnlyList<Tensor> x,
        IReadOnlyList<Tensor> v,
        bool keep = false,
        bool create = false
    ) => Of(y, x, v, keep, create, HasDeviceThreads.Value);

    /// <param name="y">As above, like all but the last.</param>
    /// <param name="x">See above.</param>
    /// <param name="v">See above.</param>
    /// <param name="keep">See above.</param>
    /// <param name="create">See above.</param>
    /// <param name="viaRoot">Whether nodes find the pass by libtorch's task; false on the calling thread alone.</param>
    internal static Tensor?[] Of(
        IReadOnlyList<Tensor> y,
        IReadOnlyList<Tensor> x,
        IReadOnlyList<Tensor> v,
        bool keep,
        bool create,
        bool viaRoot
    )
    {
        OperationThreads.Follow();
        using var scope = NewDisposeScope();
        Tensor[] outputs = [.. y],
            inputs = [.. x];
        Tensor?[] found;
        try
        {
            found = Pass.Run(
                pass => Run(viaRoot ? PassRoot.Apply(pass, outputs) : outputs, inputs, [.. v], keep, create),
                onThisThread: !viaRoot
            );
        }
        catch (Exception exception)
        {
            throw LibTorchError.Translate(exception);
        }

        MemoryScope.ThrowIfExceeded();
        for (int i = 0; i < found.Length; i++)
        {
            // An empty tensor stands for "does not depend".
            found[i] =
                found[i]!.NumberOfElements == 0 && inputs[i].NumberOfElements != 0
                    ? null
                    : found[i]!.MoveToOuterDisposeScope();
        }

        return found;
    }

    private static Tensor?[] Run(Tensor[] y, Tensor[] x, Tensor[] v, bool keep, bool create)
    {
        var values = new TorchScriptValue[y.Length + x.Length + v.Length];
        fixed (TorchScriptValue* lists = values)
        {
            CompiledFunction.Fill(lists, y);
            CompiledFunction.Fill(lists + y.Length, x);
            CompiledFunction.Fill(lists + y.Length + x.Length, v);
            return Gradients.CallMany(
                [
                    TorchScriptValue.List(lists, y.Length),
                    TorchScriptValue.List(lists + y.Length, x.Length),
                    TorchScriptValue.List(lists + y.Length + x.Length, v.Length),
                    TorchScriptValue.Bool(keep),
                    TorchScriptValue.Bool(create),
                ]
            );
        }
    }
}
