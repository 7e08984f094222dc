using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Passes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Programs;

/// <summary>
/// The tensors of a module as they are now, by name: a module that is moved or converted has others than before.
/// </summary>
/// <param name="Parameters">All parameters.</param>
/// <param name="Buffers">All buffers.</param>
internal sealed record ModuleReading(
    IReadOnlyDictionary<string, Parameter> Parameters,
    IReadOnlyDictionary<string, Tensor> Buffers
)
{
    /// <summary>Reads them, within the caller's dispose scope.</summary>
    internal static ModuleReading Of(nn.Module module) =>
        new(
            module.named_parameters().ToDictionary(named => named.name, named => named.parameter),
            module.named_buffers().ToDictionary(named => named.name, named => named.buffer)
        );

    /// <summary>Copies the tensors of slots to host memory, converting the type.</summary>
    internal static void Copy<T>(nn.Module module, IReadOnlyList<TensorSlot> slots, Span<T> destination)
        where T : unmanaged
    {
        if (slots.Count == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var (parameters, buffers) = Of(module);
        foreach (var slot in slots)
        {
            var tensor =
                parameters.GetValueOrDefault(slot.Name)
                ?? buffers.GetValueOrDefault(slot.Name)
                ?? throw Arguments.Invalid($"the module has lost its tensor {slot.Name}");
            Copy(tensor, slot, destination);
        }
    }

    /// <summary>Copies a buffer of whole numbers or truth values to host memory.</summary>
    internal static void Copy(nn.Module module, DiscreteSlot slot, Span<byte> destination)
    {
        using var scope = NewDisposeScope();
        var tensor =
            Of(module).Buffers.GetValueOrDefault(slot.Name)
            ?? throw Arguments.Invalid($"the module has lost its tensor {slot.Name}");
        if (!tensor.shape.AsSpan().SequenceEqual(slot.Shape.ToArray()) || DiscreteTensors.TypeOf(tensor) != slot.Type)
        {
            throw Arguments.Invalid(
                $"{slot.Name} is {tensor.dtype} [{string.Join(", ", tensor.shape)}] where it was {slot.Type} "
                    + $"[{string.Join(", ", slot.Shape)}]"
            );
        }

        DiscreteTensors.Read(tensor, destination);
    }

    /// <summary>Copies one tensor to its place in host memory, converting the type.</summary>
    internal static void Copy<T>(Tensor tensor, TensorSlot slot, Span<T> destination)
        where T : unmanaged
    {
        if (!tensor.shape.AsSpan().SequenceEqual(slot.Shape.ToArray()))
        {
            throw Arguments.Invalid(
                $"{slot.Name} is [{string.Join(", ", tensor.shape)}] where it was [{string.Join(", ", slot.Shape)}]"
            );
        }

        var type = typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.Float64;
        using var host = Calls.Make(() => tensor.detach().to(type, CPU).contiguous());
        HostTensor.Read(host, destination.Slice((int)slot.Offset, (int)slot.Count));
    }

    /// <summary>Refuses a module with other tensors.</summary>
    /// <param name="other">The tensors that it must have.</param>
    /// <exception cref="DerivativeException">Names or shapes differ.</exception>
    internal void RequireLike(ModuleReading other)
    {
        foreach (var (name, tensor) in other.All())
        {
            Tensor own =
                Parameters.GetValueOrDefault(name)
                ?? Buffers.GetValueOrDefault(name)
                ?? throw Arguments.Invalid($"a new instance has no tensor {name}, which the trained module has");
            if (!own.shape.AsSpan().SequenceEqual(tensor.shape))
            {
                throw Arguments.Invalid(
                    $"{name} is [{string.Join(", ", own.shape)}] in a new instance, and "
                        + $"[{string.Join(", ", tensor.shape)}] in the trained module"
                );
            }
        }

        if (All().Select(named => named.Name).Except(other.All().Select(named => named.Name)).FirstOrDefault() is
            { } surplus)
        {
            throw Arguments.Invalid($"a new instance has a tensor {surplus}, which the trained module has not");
        }
    }

    private IEnumerable<(string Name, Tensor Tensor)> All() =>
        Parameters
            .Select(named => (named.Key, (Tensor)named.Value))
            .Concat(Buffers.Select(named => (named.Key, named.Value)));
}
