using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Passes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Programs;

/// <summary>A batch-norm layer of a TorchSharp module, in the mode of a pass.</summary>
internal sealed class BatchNormLayer
{
    private readonly BatchNorm _layer;
    private readonly bool _isFrozen;
    private readonly double? _momentum;
    private readonly int _mean;
    private readonly int _variance;

    /// <summary>Reads the layer as the user left it.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="name">Its name in the module; empty for the module itself.</param>
    /// <param name="isTraining">Whether the module as a whole is in training mode: a layer in evaluation mode is then
    /// frozen, and stays so.</param>
    /// <param name="buffers">The module's buffers.</param>
    internal BatchNormLayer(BatchNorm layer, string name, bool isTraining, IReadOnlyList<TensorSlot> buffers)
    {
        (_layer, _momentum) = (layer, layer.momentum);
        _isFrozen = isTraining && !layer.training;
        string prefix = name.Length == 0 ? name : name + ".";
        _mean = IndexOf(buffers, prefix + "running_mean");
        _variance = IndexOf(buffers, prefix + "running_var");
    }

    /// <summary>Sets mode and momentum.</summary>
    internal void Prepare(IReadOnlyList<Tensor> buffers, BatchNormUse use)
    {
        bool isTraining = use.NormalisesWithBatch && !_isFrozen;
        _layer.train(isTraining);
        _layer.momentum = use.Momentum ?? _momentum;
        if (isTraining)
        {
            // The layer changes its statistics in place, and graphs refer to those that they were made with.
            SetStatistics(buffers);
        }
    }

    /// <summary>Takes the statistics over where the pass is to update them.</summary>
    internal void Finish(IReadOnlyList<Tensor> buffers, BatchNormUse use)
    {
        if (use.UpdatesStatistics && !_isFrozen && _mean >= 0)
        {
            using var mode = no_grad();
            buffers[_mean].copy_(_layer.running_mean!);
            buffers[_variance].copy_(_layer.running_var!);
        }
    }

    /// <summary>Gives the layer copies of its statistics.</summary>
    internal void SetStatistics(IReadOnlyList<Tensor> buffers)
    {
        if (_mean >= 0)
        {
            _layer.running_mean = buffers[_mean].detach().clone();
            _layer.running_var = buffers[_variance].detach().clone();
        }
    }

    private static int IndexOf(IReadOnlyList<TensorSlot> buffers, string name) =>
        buffers.ToList().FindIndex(slot => slot.Name == name);
}
