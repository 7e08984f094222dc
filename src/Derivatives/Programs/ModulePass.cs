using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Passes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Programs;

/// <summary>
/// A TorchSharp module as a forward pass. It computes with its own tensors; buffers are copied in before a run, and
/// back where the run changes them.
/// </summary>
internal sealed class ModulePass : IForwardPass
{
    private readonly nn.Module<Tensor, Tensor> _module;
    private readonly Func<ModulePass, bool>? _keep;
    private readonly Parameter[] _parameters;
    private readonly Tensor[] _buffers;
    private readonly BatchNormLayer[] _batchNorms;
    private IReadOnlyList<Tensor>? _loaded;

    /// <summary>Takes the module over.</summary>
    /// <param name="module">An instance of its own, in its element type and on its device.</param>
    /// <param name="keep">Takes the pass back when it is disposed, and says whether it has; null where nobody
    /// does.</param>
    internal ModulePass(nn.Module<Tensor, Tensor> module, Func<ModulePass, bool>? keep = null)
    {
        (_module, _keep) = (module, keep);
        var tensors = ModuleTensors.Of(module);
        _parameters = [.. tensors.Parameters.Select(named => named.Tensor)];
        _buffers = [.. tensors.Buffers.Concat(tensors.Discretes).Select(named => named.Tensor)];

        // Layers of libtorch's own, such as LSTM, make a new handle whenever they are asked.
        foreach (var tensor in _buffers.Concat(_parameters))
        {
            tensor.DetachFromDisposeScope();
        }

        Parameters = ModuleTensors.Slots(tensors.Parameters.Select(named => (named.Name, (Tensor)named.Tensor)));
        Buffers = ModuleTensors.Slots(tensors.Buffers);
        Discretes = DiscreteTensors.Slots(tensors.Discretes);
        var layers = module.named_modules().Prepend((name: string.Empty, module)).DistinctBy(named => named.module);
        _batchNorms =
        [
            .. layers
                .Where(named => named.module is BatchNorm)
                .Select(named => new BatchNormLayer((BatchNorm)named.module, named.name, module.training, Buffers)),
        ];
        AvoidsFusedKernels = module.modules().Any(IsUnreliable);
        module.eval();
    }

    /// <inheritdoc/>
    public IReadOnlyList<TensorSlot> Parameters { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorSlot> Buffers { get; }

    /// <inheritdoc/>
    public IReadOnlyList<DiscreteSlot> Discretes { get; }

    /// <summary>The values of all buffers when the pass was made.</summary>
    internal IReadOnlyList<Tensor> InitialBuffers => _buffers;

    /// <inheritdoc/>
    public bool HasBatchNorm => _batchNorms.Length > 0;

    /// <inheritdoc/>
    public bool AvoidsFusedKernels { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor>? OwnParameters => _parameters;

    /// <inheritdoc/>
    public void CheckInputs(int count)
    {
        if (count != 1)
        {
            throw Arguments.Invalid(
                $"a TorchSharp module takes one input tensor here, {count} are given; make one tensor of them"
            );
        }
    }

    /// <inheritdoc/>
    public Tensor Run(
        IReadOnlyList<Tensor> parameters,
        IReadOnlyList<Tensor> buffers,
        IReadOnlyList<Tensor> inputs,
        BatchNormUse batchNorm
    )
    {
        try
        {
            Load(buffers);
            using var plain = AvoidsFusedKernels ? FusedKernels.Suspend() : null;
            var outputs = FreedNumbers.Survive(() =>
            {
                foreach (var layer in _batchNorms)
                {
                    layer.Prepare(buffers, batchNorm);
                }

                return _module.call(inputs[0]);
            });
            foreach (var layer in _batchNorms)
            {
                layer.Finish(buffers, batchNorm);
            }

            return outputs;
        }
        catch (Exception exception) when (exception is not (DerivativeException or OperationCanceledException))
        {
            throw LibTorchError.Translate(exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _loaded = null;
        if (_keep?.Invoke(this) != true)
        {
            Free();
        }
    }

    /// <summary>Frees the module.</summary>
    internal void Free() => _module.Dispose();

    // Recurrent layers of oneDNN and cuDNN have no double backward, and oneDNN's convolutions are not always right.
    private static bool IsUnreliable(nn.Module layer) =>
        layer is LSTM or GRU or RNN or LSTMCell or GRUCell or RNNCell
        || (layer is Convolution && layer.parameters().All(tensor => tensor.device_type == TorchSharp.DeviceType.CPU));

    // Once for each list of buffers: graphs that are kept refer to the module's own, which must not change under them.
    private void Load(IReadOnlyList<Tensor> buffers)
    {
        if (ReferenceEquals(buffers, _loaded))
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var mode = no_grad();
        for (int i = 0; i < _buffers.Length; i++)
        {
            if (!_buffers[i].IsInvalid)
            {
                _buffers[i].copy_(buffers[i]);
            }
        }

        foreach (var layer in _batchNorms)
        {
            layer.SetStatistics(buffers);
        }

        _loaded = buffers;
    }
}
