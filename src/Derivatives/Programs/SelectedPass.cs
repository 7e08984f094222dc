using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Passes;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Programs;

/// <summary>
/// A pass of which only chosen parameters are such; the others are constants, after the buffers.
/// </summary>
internal sealed class SelectedPass : IForwardPass
{
    private readonly IForwardPass _inner;

    // For each parameter of the inner pass: its place among ours, or ~place among our buffers.
    private readonly int[] _places;

    /// <summary>Chooses.</summary>
    /// <param name="inner">The pass, which this one disposes.</param>
    /// <param name="isChosen">For each of its parameters.</param>
    internal SelectedPass(IForwardPass inner, IReadOnlyList<bool> isChosen)
    {
        _inner = inner;
        _places = new int[isChosen.Count];
        (Parameters, Buffers) = Split(inner, isChosen, _places);
    }

    /// <inheritdoc/>
    public IReadOnlyList<TensorSlot> Parameters { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorSlot> Buffers { get; }

    /// <inheritdoc/>
    public IReadOnlyList<DiscreteSlot> Discretes => _inner.Discretes;

    /// <inheritdoc/>
    public bool HasBatchNorm => _inner.HasBatchNorm;

    /// <inheritdoc/>
    public bool UsesBatch => _inner.UsesBatch;

    /// <inheritdoc/>
    public bool MayBranch => _inner.MayBranch;

    /// <inheritdoc/>
    public NarrowTypes Narrow => _inner.Narrow;

    /// <inheritdoc/>
    public bool OpensAutocast => _inner.OpensAutocast;

    /// <inheritdoc/>
    public bool AvoidsFusedKernels => _inner.AvoidsFusedKernels;

    /// <inheritdoc/>
    public void CheckInputs(int count) => _inner.CheckInputs(count);

    /// <inheritdoc/>
    public Tensor Run(
        IReadOnlyList<Tensor> parameters,
        IReadOnlyList<Tensor> buffers,
        IReadOnlyList<Tensor> inputs,
        BatchNormUse batchNorm
    )
    {
        var all = new Tensor[_places.Length];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = _places[i] >= 0 ? parameters[_places[i]] : buffers[~_places[i]];
        }

        Tensor[] inner = [.. buffers.Take(_inner.Buffers.Count), .. buffers.Skip(Buffers.Count)];
        return _inner.Run(all, inner, inputs, batchNorm);
    }

    /// <inheritdoc/>
    public void Dispose() => _inner.Dispose();

    private static (List<TensorSlot> Parameters, List<TensorSlot> Buffers) Split(
        IForwardPass inner,
        IReadOnlyList<bool> isChosen,
        int[] places
    )
    {
        List<TensorSlot> parameters = [],
            buffers = [.. inner.Buffers];
        for (int i = 0; i < places.Length; i++)
        {
            var target = isChosen[i] ? parameters : buffers;
            places[i] = isChosen[i] ? target.Count : ~target.Count;
            long offset = target.Count == 0 ? 0 : target[^1].Offset + target[^1].Count;
            target.Add(inner.Parameters[i] with { Offset = offset });
        }

        return (parameters, buffers);
    }
}
