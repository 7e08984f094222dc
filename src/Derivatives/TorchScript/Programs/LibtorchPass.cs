using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Passes;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Programs;

/// <summary>
/// The fall-back: libtorch's own interpreter runs the module in evaluation mode. It cannot set the mode of a batch norm
/// alone, nor end a dropout that a trace has burnt in.
/// </summary>
internal sealed class LibtorchPass : IForwardPass
{
    private readonly jit.ScriptModule _module;
    private readonly Dictionary<string, jit.ScriptModule> _modules = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Loads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reason">Why the interpreter of our own does not run it.</param>
    /// <exception cref="DerivativeException">libtorch cannot load it.</exception>
    internal LibtorchPass(string path, string reason)
    {
        LibTorch.Prepare();
        Reason = reason;
        try
        {
            _module = Contained.Run(() => jit.load(path), $"{path}: libtorch cannot compile its code");
            _module.eval();
            _modules[string.Empty] = _module;
            foreach (var (name, module) in _module.named_modules())
            {
                _modules[name] = (jit.ScriptModule)module;
            }
        }
        catch (Exception exception)
        {
            throw LibTorchError.Translate(exception);
        }

        var (parameters, buffers, discretes) = (new TensorLayout(), new TensorLayout(), new DiscreteLayout());
        foreach (var (name, parameter) in _module.named_parameters())
        {
            if (parameter.is_floating_point())
            {
                parameters.Add(name, parameter);
            }
        }

        foreach (var (name, buffer) in _module.named_buffers())
        {
            if (buffer.is_floating_point())
            {
                buffers.Add(name, buffer);
            }
            else if (DiscreteTensors.TypeOf(buffer) is not null)
            {
                discretes.Add(name, buffer);
            }
        }

        (Parameters, Buffers, Discretes) = (parameters.Slots, buffers.Slots, discretes.Slots);
        HasBatchNorm = Buffers.Any(slot => slot.Name.EndsWith("running_mean", StringComparison.Ordinal));
    }

    /// <summary>Why the interpreter of our own does not run the model: for the provenance of measurements.</summary>
    internal string Reason { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorSlot> Parameters { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorSlot> Buffers { get; }

    /// <inheritdoc/>
    public IReadOnlyList<DiscreteSlot> Discretes { get; }

    /// <inheritdoc/>
    public bool HasBatchNorm { get; }

    /// <inheritdoc/>
    public bool AvoidsFusedKernels => true;

    /// <summary>The names of all places at which a run sets a tensor.</summary>
    internal IEnumerable<string> SetNames =>
        Parameters.Concat(Buffers).SelectMany(slot => slot.Names()).Concat(Discretes.SelectMany(slot => slot.Names()));

    /// <summary>The values in the file, in the order of the slots; they belong to the module.</summary>
    internal InitialTensors InitialValues()
    {
        var parameters = _module.named_parameters().ToDictionary(named => named.name, named => (Tensor)named.parameter);
        var buffers = _module.named_buffers().ToDictionary(named => named.name, named => named.buffer);
        return new InitialTensors(
            [.. Parameters.Select(slot => parameters[slot.Name])],
            [.. Buffers.Select(slot => buffers[slot.Name])],
            [.. Discretes.Select(slot => buffers[slot.Name])]
        );
    }

    /// <summary>Loads a file that the interpreter of our own does not run.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reason">Why that does not.</param>
    /// <param name="archive">What the file holds.</param>
    /// <exception cref="DerivativeException">libtorch cannot run it either, or not with other parameters.</exception>
    internal static LibtorchPass FallBack(string path, string reason, ScriptArchive archive)
    {
        try
        {
            var pass = new LibtorchPass(path, reason);
            if (HiddenTensors.Find(archive.Root, pass.SetNames) is not { } hidden)
            {
                return pass;
            }

            pass.Dispose();
            throw Arguments.Invalid($"{hidden.Place} would keep the file's {hidden.Name}");
        }
        catch (DerivativeException refused)
        {
            throw new DerivativeException(
                DerivativeErrorKind.UnsupportedOperation,
                $"{reason}; and libtorch's own interpreter is no way out: {refused.Message}"
            );
        }
    }

    /// <inheritdoc/>
    public void CheckInputs(int count)
    {
        // libtorch says how many its forward takes.
    }

    /// <inheritdoc/>
    public Tensor Run(
        IReadOnlyList<Tensor> parameters,
        IReadOnlyList<Tensor> buffers,
        IReadOnlyList<Tensor> inputs,
        BatchNormUse batchNorm
    )
    {
        if (HasBatchNorm && batchNorm.NormalisesWithBatch)
        {
            throw new DerivativeException(
                DerivativeErrorKind.UnsupportedOperation,
                $"batch norm in train mode needs the interpreter of our own, which does not run this model: {Reason}"
            );
        }

        // The module holds the tensors while it runs.
        lock (_gate)
        {
            try
            {
                using var plain = FusedKernels.Suspend();
                Bind(Parameters.Select(slot => slot.Names()), parameters);
                Bind(Buffers.Select(slot => slot.Names()), buffers);
                if (buffers.Count > Buffers.Count)
                {
                    // A copy: the program may change what it is given.
                    Tensor[] discretes = [.. buffers.Skip(Buffers.Count).Select(tensor => tensor.clone())];
                    Bind(Discretes.Select(slot => slot.Names()), discretes);
                }

                // Scripted code may ask whether gradients are recorded, and have fused kernels where they are not.
                bool isRecorded = is_grad_enabled();
                using var recording = enable_grad();
                var outputs =
                    _module.forward([.. inputs]) as Tensor
                    ?? throw new DerivativeException(
                        DerivativeErrorKind.InvalidArgument,
                        "the model's forward returns no single tensor"
                    );
                return isRecorded ? outputs : outputs.detach();
            }
            catch (Exception exception)
            {
                throw LibTorchError.Translate(exception);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var module in _modules.Values)
        {
            module.Dispose();
        }
    }

    private void Bind(IEnumerable<IEnumerable<string>> places, IReadOnlyList<Tensor> tensors)
    {
        foreach (var (names, tensor) in places.Zip(tensors))
        {
            foreach (string place in names)
            {
                int dot = place.LastIndexOf('.');
                var module = _modules[dot < 0 ? string.Empty : place[..dot]];
                module.set_attribute(place[(dot + 1)..], tensor);
            }
        }
    }
}
