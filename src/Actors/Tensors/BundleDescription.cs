using System.Text.Json;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Serialization;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Tensors;

/// <summary>
/// What is known of a bundle once its model and probe set were opened together: enough to take its checkpoints and to
/// give its jobs away, without running the model again.
/// </summary>
/// <param name="SampleCount">N, the samples of the probe set.</param>
/// <param name="ElementType">The type that is computed in.</param>
/// <param name="Parameters">The places of the parameters in θ.</param>
/// <param name="Buffers">The places of the floating-point buffers.</param>
public sealed record BundleDescription(
    long SampleCount,
    ElementType ElementType,
    IReadOnlyList<TensorSlot> Parameters,
    IReadOnlyList<TensorSlot> Buffers
)
{
    /// <summary>The places of the buffers of whole numbers or truth values.</summary>
    public IReadOnlyList<DiscreteSlot> Discretes { get; init; } = [];

    /// <summary>Which parameters are measured: all, or how many and the first of them.</summary>
    public string Trained { get; init; } = "all";

    /// <summary>What is done with the program's casts to types of less precision; empty where it has none.</summary>
    public string Autocast { get; init; } = "";

    /// <summary>Whether the model has batch norm.</summary>
    public bool HasBatchNorm { get; init; }

    /// <summary>Writes it as JSON.</summary>
    /// <param name="stream">Where to.</param>
    public void Write(Stream stream) => JsonSerializer.Serialize(stream, this, MonitorJson.Options);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="json">The text in UTF-8.</param>
    /// <exception cref="JsonException">It is damaged, or describes no model.</exception>
    public static BundleDescription Read(ReadOnlySpan<byte> json)
    {
        var description = MonitorJson.Read<BundleDescription>(json);
        try
        {
            description.RequireWhole();
            return description;
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    /// <summary>How checkpoints of the model lie in flat vectors.</summary>
    internal CheckpointLayout CreateLayout() => new(Parameters, Buffers, Discretes);

    private void RequireWhole()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SampleCount);
        if (
            Trained is null
            || Autocast is null
            || Parameters is null
            || Buffers is null
            || Discretes is null
            || Parameters.Concat(Buffers).Any(slot => IsBroken(slot?.Name, slot?.Shape, slot?.Aliases))
            || Discretes.Any(slot => IsBroken(slot?.Name, slot?.Shape, slot?.Aliases))
            || Discretes.Any(slot => !Enum.IsDefined(slot.Type))
        )
        {
            throw new ArgumentException("a tensor has no name or no shape");
        }

        CreateLayout();

        static bool IsBroken(string? name, IReadOnlyList<long>? shape, IReadOnlyList<string>? aliases) =>
            name is null
            || shape is null
            || shape.Any(extent => extent < 0)
            || aliases is null
            || aliases.Any(alias => alias is null);
    }
}
