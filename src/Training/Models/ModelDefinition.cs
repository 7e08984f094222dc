using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Training.RandomNumbers;

namespace CurvatureMonitor.Training.Models;

/// <summary>A model written by <see cref="ModelBuilder"/>: its TorchScript, its tensors, and how they start.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="InputShape">Shape of one sample, without the batch: [C, H, W] for images.</param>
/// <param name="OutputShape">Shape of the output for one sample, without the batch: [K] for a classifier of K
/// classes.</param>
/// <param name="Source">What <see cref="ScriptModel.Define"/> compiles.</param>
/// <param name="Parameters">The parameters in the order of the source.</param>
/// <param name="Buffers">The buffers (running statistics) in the order of the source.</param>
public sealed record ModelDefinition(
    string Name,
    IReadOnlyList<long> InputShape,
    IReadOnlyList<long> OutputShape,
    ScriptModelSource Source,
    IReadOnlyList<InitializedTensor> Parameters,
    IReadOnlyList<InitializedTensor> Buffers
)
{
    /// <summary>P, the number of parameters.</summary>
    public long ParameterCount => Parameters.Sum(parameter => parameter.Spec.Count);

    /// <summary>
    /// Initial parameters in the layout of a flat vector. Tensors are drawn one after the other in the order of
    /// <see cref="Parameters"/>, each entry by entry in row-major order, from one <see cref="Xoshiro256"/> sequence:
    /// the numbers depend on the model and the seed alone.
    /// </summary>
    /// <param name="slots">The places of the parameters, as <see cref="Model.Parameters"/> gives them.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <returns>P numbers.</returns>
    /// <exception cref="ArgumentException">The slots are not those of this model.</exception>
    public double[] InitialParameters(IReadOnlyList<TensorSlot> slots, long seed) =>
        Initialise(Parameters, slots, new Xoshiro256(seed, RandomStream.Parameters));

    /// <summary>Initial buffers in the layout of a flat vector (running mean 0, running variance 1).</summary>
    /// <param name="slots">The places of the buffers, as <see cref="Model.Buffers"/> gives them.</param>
    /// <returns>As many numbers as the buffers have.</returns>
    /// <exception cref="ArgumentException">The slots are not those of this model.</exception>
    public double[] InitialBuffers(IReadOnlyList<TensorSlot> slots) => Initialise(Buffers, slots, new Xoshiro256(0));

    /// <summary>Compiles the model and gives its tensors their initial values.</summary>
    /// <param name="type">Element type of the parameters.</param>
    /// <param name="device">Where the model lives.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <returns>The model; the caller disposes it.</returns>
    /// <exception cref="DerivativeException">The source does not compile, or the device is not there.</exception>
    public ScriptModel Instantiate(ElementType type, Device device, long seed)
    {
        var model = ScriptModel.Define(Source, type, device);
        try
        {
            using var parameters = Vector.From(InitialParameters(model.Parameters, seed), type, device);
            model.SetParameters(parameters);
            if (Buffers.Count > 0)
            {
                using var buffers = Vector.From(InitialBuffers(model.Buffers), type, device);
                model.SetBuffers(buffers);
            }

            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static double[] Initialise(
        IReadOnlyList<InitializedTensor> tensors,
        IReadOnlyList<TensorSlot> slots,
        Xoshiro256 random
    )
    {
        ArgumentNullException.ThrowIfNull(slots);
        var places = slots.ToDictionary(slot => slot.Name, StringComparer.Ordinal);
        var values = new double[slots.Sum(slot => slot.Count)];
        foreach (var (spec, initializer) in tensors)
        {
            if (!places.Remove(spec.Name, out var slot) || slot.Count != spec.Count)
            {
                throw new ArgumentException(
                    $"the slots have no place of {spec.Count} entries for '{spec.Name}'",
                    nameof(slots)
                );
            }

            initializer.Fill(values.AsSpan(checked((int)slot.Offset), checked((int)slot.Count)), random);
        }

        return places.Count == 0
            ? values
            : throw new ArgumentException(
                $"the slot '{places.Keys.First()}' belongs to no tensor of this model",
                nameof(slots)
            );
    }
}
