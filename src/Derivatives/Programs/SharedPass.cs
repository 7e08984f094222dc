using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Passes;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Programs;

/// <summary>A pass that belongs to a model and serves several objectives: disposing it does nothing.</summary>
/// <param name="current">The model's pass now.</param>
/// <param name="keepsNarrow">Whether casts to narrow types are made.</param>
internal sealed class SharedPass(Func<IForwardPass> current, bool keepsNarrow = false) : IForwardPass
{
    /// <inheritdoc/>
    public IReadOnlyList<TensorSlot> Parameters => current().Parameters;

    /// <inheritdoc/>
    public IReadOnlyList<TensorSlot> Buffers => current().Buffers;

    /// <inheritdoc/>
    public IReadOnlyList<DiscreteSlot> Discretes => current().Discretes;

    /// <inheritdoc/>
    public bool HasBatchNorm => current().HasBatchNorm;

    /// <inheritdoc/>
    public bool UsesBatch => current().UsesBatch;

    /// <inheritdoc/>
    public bool MayBranch => current().MayBranch;

    /// <inheritdoc/>
    public NarrowTypes Narrow => current().Narrow;

    /// <inheritdoc/>
    public bool OpensAutocast => current().OpensAutocast;

    /// <inheritdoc/>
    public bool AvoidsFusedKernels => current().AvoidsFusedKernels;

    /// <inheritdoc/>
    public void CheckInputs(int count) => current().CheckInputs(count);

    /// <inheritdoc/>
    public Tensor Run(
        IReadOnlyList<Tensor> parameters,
        IReadOnlyList<Tensor> buffers,
        IReadOnlyList<Tensor> inputs,
        BatchNormUse batchNorm
    ) => current().Run(parameters, buffers, inputs, batchNorm with { KeepsNarrow = keepsNarrow });

    /// <inheritdoc/>
    public void Dispose()
    {
        // The model's.
    }
}
