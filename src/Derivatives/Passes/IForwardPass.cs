using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;

using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Passes;

/// <summary>
/// A model as a function z(x; θ, buffers) of explicit tensors, x being one tensor or several. It holds no state of a
/// measurement, so that one pass may be used by several threads at once.
/// </summary>
internal interface IForwardPass : IDisposable
{
    /// <summary>The parameter tensors, in the model's own order; tied tensors once.</summary>
    IReadOnlyList<TensorSlot> Parameters { get; }

    /// <summary>The floating-point buffers, in the model's own order.</summary>
    IReadOnlyList<TensorSlot> Buffers { get; }

    /// <summary>The buffers of whole numbers or truth values, in the model's own order; tied ones once.</summary>
    IReadOnlyList<DiscreteSlot> Discretes => [];

    /// <summary>Whether any layer is a batch norm, so that <see cref="BatchNormUse"/> matters.</summary>
    bool HasBatchNorm { get; }

    /// <summary>
    /// Whether a pass so far had a batch norm that normalises with the batch in every mode: a call that says so, or a
    /// layer without running statistics.
    /// </summary>
    bool UsesBatch => false;

    /// <summary>Whether the program may take several ways, by what it is given.</summary>
    bool MayBranch => false;

    /// <summary>The narrow types that the program casts to in the passes so far, or has tensors of.</summary>
    NarrowTypes Narrow => NarrowTypes.None;

    /// <summary>Whether the program opens autocast itself: no pass makes its casts.</summary>
    bool OpensAutocast => false;

    /// <summary>
    /// The tensors that the pass always computes with, leaves that record gradients, where it cannot take others; null
    /// where it can. Such a pass serves one point at a time.
    /// </summary>
    IReadOnlyList<Tensor>? OwnParameters => null;

    /// <summary>
    /// Whether its layers are libtorch's own, whose kernels cannot all be relied on: passes and gradients of it run
    /// while <see cref="Devices.FusedKernels"/> are suspended.
    /// </summary>
    bool AvoidsFusedKernels => false;

    /// <summary>Refuses a number of input tensors that forward does not take.</summary>
    /// <exception cref="DerivativeException">It takes another.</exception>
    void CheckInputs(int count);

    /// <summary>Computes the outputs; dropout is off. Gradients are recorded where the caller's mode says so.</summary>
    /// <param name="parameters">One tensor a slot of <see cref="Parameters"/>, of its shape.</param>
    /// <param name="buffers">One tensor a slot of <see cref="Buffers"/>, changed in place by
    /// <see cref="BatchNormUse.Update"/> alone; then one a slot of <see cref="Discretes"/>, or none of these where the
    /// model's own stand.</param>
    /// <param name="inputs">x, one tensor [b, …] for each of forward's arguments, in their order.</param>
    /// <param name="batchNorm">What batch-norm layers normalise with.</param>
    /// <returns>z, in the caller's dispose scope.</returns>
    /// <exception cref="DerivativeException">An operation failed or is unknown; the message names it.</exception>
    Tensor Run(
        IReadOnlyList<Tensor> parameters,
        IReadOnlyList<Tensor> buffers,
        IReadOnlyList<Tensor> inputs,
        BatchNormUse batchNorm
    );
}
