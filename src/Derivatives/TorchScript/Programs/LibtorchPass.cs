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
    private readonly Dictionary<string, string[]> _places;
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

        var places = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Parameters = Layout(_module.named_parameters().Select(p => (p.name, (Tensor)p.parameter)), places);
        var buffers = _module.named_buffers().ToList();
        Buffers = Layout(buffers, places);
        Discretes = DiscreteLayout(buffers, places);
        _places = places;
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

    /// <inheritdoc/>
    public Tensor Run(
        IReadOnlyList<Tensor> parameters,
        IReadOnlyList<Tensor> buffers,
        Tensor inputs,
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
                Bind(Parameters.Select(slot => slot.Name), parameters);
                Bind(Buffers.Select(slot => slot.Name), buffers);
                if (buffers.Count > Buffers.Count)
                {
                    // A copy: the program may change what it is given.
                    Tensor[] discretes = [.. buffers.Skip(Buffers.Count).Select(tensor => tensor.clone())];
                    Bind(Discretes.Select(slot => slot.Name), discretes);
                }

                return _module.forward(inputs) as Tensor
                    ?? throw new DerivativeException(
                        DerivativeErrorKind.InvalidArgument,
                        "the model's forward returns no single tensor"
                    );
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

    private static List<TensorSlot> Layout(
        IEnumerable<(string Name, Tensor Tensor)> named,
        Dictionary<string, string[]> places
    )
    {
        List<TensorSlot> slots = [];
        Dictionary<TensorIdentity, string> first = [];
        long offset = 0;
        foreach (var (name, tensor) in named)
        {
            if (!tensor.is_floating_point())
            {
                continue;
            }

            var identity = TensorIdentity.Of(tensor);
            if (identity is { } tied && first.TryGetValue(tied, out string? known))
            {
                places[known] = [.. places[known], name];
                int number = slots.FindIndex(slot => slot.Name == known);
                slots[number] = slots[number] with { Aliases = [.. slots[number].Aliases, name] };
                continue;
            }

            if (identity is { } fresh)
            {
                first[fresh] = name;
            }

            places[name] = [name];
            slots.Add(new TensorSlot(name, tensor.shape, offset));
            offset += tensor.NumberOfElements;
        }

        return slots;
    }

    private static List<DiscreteSlot> DiscreteLayout(
        IEnumerable<(string Name, Tensor Tensor)> named,
        Dictionary<string, string[]> places
    )
    {
        List<DiscreteSlot> slots = [];
        Dictionary<TensorIdentity, int> numbers = [];
        foreach (var (name, tensor) in named)
        {
            if (DiscreteTensors.TypeOf(tensor) is null)
            {
                continue;
            }

            var identity = TensorIdentity.Of(tensor);
            if (identity is { } tied && numbers.TryGetValue(tied, out int number))
            {
                places[slots[number].Name] = [.. places[slots[number].Name], name];
                slots[number] = slots[number] with { Aliases = [.. slots[number].Aliases, name] };
                continue;
            }

            if (identity is { } fresh)
            {
                numbers[fresh] = slots.Count;
            }

            places[name] = [name];
            slots.Add(DiscreteTensors.Slot(name, tensor, slots));
        }

        return slots;
    }

    private void Bind(IEnumerable<string> names, IReadOnlyList<Tensor> tensors)
    {
        foreach (var (name, tensor) in names.Zip(tensors))
        {
            foreach (string place in _places[name])
            {
                int dot = place.LastIndexOf('.');
                var module = _modules[dot < 0 ? string.Empty : place[..dot]];
                module.set_attribute(place[(dot + 1)..], tensor);
            }
        }
    }
}
