using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Passes;
using CurvatureMonitor.Derivatives.Programs;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives;

/// <summary>
/// Reads the tensors of a TorchSharp module that a program trains. Which parameters make θ is settled once: those that
/// record gradients then; the others count as buffers. Used by the thread that trains.
/// </summary>
public sealed class TrainedModule
{
    private readonly nn.Module<Tensor, Tensor> _module;

    /// <summary>Reads names and shapes.</summary>
    /// <param name="module">The module, which stays the caller's.</param>
    /// <exception cref="DerivativeException">It has no parameter that records gradients.</exception>
    public TrainedModule(nn.Module<Tensor, Tensor> module)
    {
        ArgumentNullException.ThrowIfNull(module);
        LibTorch.Prepare();
        using var scope = NewDisposeScope();
        _module = module;
        var tensors = ModuleTensors.Of(module);
        if (tensors.Parameters.Count == 0)
        {
            throw Arguments.Invalid($"the module {module.GetName()} has no parameter that records gradients");
        }

        Parameters = ModuleTensors.Slots(tensors.Parameters.Select(named => (named.Name, (Tensor)named.Tensor)));
        Buffers = ModuleTensors.Slots(tensors.Buffers);
        Discretes = DiscreteTensors.Slots(tensors.Discretes);
        var first = tensors.Parameters[0].Tensor;
        ElementType = first.dtype == ScalarType.Float64 ? ElementType.Float64 : ElementType.Float32;
        Device = first.device.ToContracts();
    }

    /// <summary>The module's name, that of its class.</summary>
    public string Name => _module.GetName();

    /// <summary>The parameters in the order of θ, tied ones once.</summary>
    public IReadOnlyList<TensorSlot> Parameters { get; }

    /// <summary>The floating-point buffers and the frozen parameters, in the order of the flat buffer vector.</summary>
    public IReadOnlyList<TensorSlot> Buffers { get; }

    /// <summary>The buffers of whole numbers or truth values.</summary>
    public IReadOnlyList<DiscreteSlot> Discretes { get; }

    /// <summary>The type of the parameters; float32 for narrower ones.</summary>
    public ElementType ElementType { get; }

    /// <summary>Where the parameters are.</summary>
    public Device Device { get; }

    /// <summary>
    /// Checks a new instance against the module, and gives its parameters and layers the same marks: which record
    /// gradients, and which layers are in training mode.
    /// </summary>
    /// <param name="instance">An instance that the same class made.</param>
    /// <exception cref="DerivativeException">It is the module itself, or its tensors are others.</exception>
    public void Mark(nn.Module<Tensor, Tensor> instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        if (ReferenceEquals(instance, _module))
        {
            throw Arguments.Invalid("the function that makes instances returns the module that is trained");
        }

        using var scope = NewDisposeScope();
        var own = ModuleReading.Of(_module);
        var other = ModuleReading.Of(instance);
        other.RequireLike(own);
        foreach (var (name, tensor) in other.Parameters)
        {
            tensor.requires_grad = own.Parameters[name].requires_grad;
        }

        // Parents come first, and set their children too.
        var layers = _module.named_modules().ToDictionary(named => named.name, named => named.module);
        instance.train(_module.training);
        foreach (var (name, layer) in instance.named_modules())
        {
            layer.train(layers[name].training);
        }
    }

    /// <summary>Copies the parameters to host memory, converting the type.</summary>
    /// <param name="destination">Receives P numbers, float or double.</param>
    /// <exception cref="DerivativeException">A tensor has gone or has another shape.</exception>
    public void CopyParametersTo<T>(Span<T> destination)
        where T : unmanaged => ModuleReading.Copy(_module, Parameters, destination);

    /// <summary>Copies the buffers to host memory, converting the type.</summary>
    /// <param name="destination">Receives as many numbers as the buffers have, float or double.</param>
    /// <exception cref="DerivativeException">A tensor has gone or has another shape.</exception>
    public void CopyBuffersTo<T>(Span<T> destination)
        where T : unmanaged => ModuleReading.Copy(_module, Buffers, destination);

    /// <summary>Copies a buffer of whole numbers or truth values to host memory.</summary>
    /// <param name="number">Its place among <see cref="Discretes"/>.</param>
    /// <param name="destination">Receives its little-endian bytes.</param>
    /// <exception cref="DerivativeException">It has gone, or has another type or shape.</exception>
    public void CopyDiscreteTo(int number, Span<byte> destination) =>
        ModuleReading.Copy(_module, Discretes[number], destination);

    /// <summary>
    /// Copies tensors that belong to parameters, such as the second moments of Adam, in the order of θ.
    /// </summary>
    /// <param name="tensors">The tensor of each parameter, by the parameter's handle.</param>
    /// <param name="destination">Receives P numbers, float or double.</param>
    /// <returns>Whether every parameter has one.</returns>
    /// <exception cref="DerivativeException">A tensor has another shape than its parameter.</exception>
    public bool TryCopyTo<T>(IReadOnlyDictionary<nint, Tensor> tensors, Span<T> destination)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensors);
        using var scope = NewDisposeScope();
        var parameters = ModuleReading.Of(_module).Parameters;
        foreach (var slot in Parameters)
        {
            if (!parameters.TryGetValue(slot.Name, out var own) || !tensors.TryGetValue(own.Handle, out var tensor))
            {
                return false;
            }

            ModuleReading.Copy(tensor, slot, destination);
        }

        return true;
    }

    /// <summary>Whether a tensor is one of the module's parameters.</summary>
    /// <param name="parameters">Handles of tensors.</param>
    public bool HasAny(IEnumerable<nint> parameters)
    {
        using var scope = NewDisposeScope();
        var own = ModuleReading.Of(_module).Parameters.Values.Select(tensor => tensor.Handle).ToHashSet();
        return parameters.Any(own.Contains);
    }
}
