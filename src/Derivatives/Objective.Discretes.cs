using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Passes;

namespace CurvatureMonitor.Derivatives;

/// <content>Buffers of whole numbers or truth values, which have no derivative and belong to a checkpoint.</content>
public sealed partial class Objective
{
    /// <summary>Copies a buffer of whole numbers or truth values.</summary>
    /// <param name="number">Its place among <see cref="Discretes"/>.</param>
    /// <param name="destination">Receives the little-endian bytes of its elements.</param>
    public void GetDiscrete(int number, Span<byte> destination)
    {
        Arguments.RequireLength(destination.Length, Discretes[number].ByteLength, "the destination");
        using var host = Calls.Make(() => BufferValues[BufferLayout.Slots.Count + number].clone());
        DiscreteTensors.Read(host, destination);
    }

    /// <summary>Sets all buffers of whole numbers or truth values, for the next evaluation or linearization.</summary>
    /// <param name="values">Gives the little-endian bytes of each, by its place among <see cref="Discretes"/>; where it
    /// has none, the model's own values stand.</param>
    /// <exception cref="DerivativeException">There are too many or too few bytes, or the model cannot be run with
    /// them.</exception>
    public void SetDiscretes(DiscreteReading values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (Discretes.Count == 0)
        {
            return;
        }

        Calls.Do(() =>
        {
            for (int i = 0; i < Discretes.Count; i++)
            {
                var target = BufferValues[BufferLayout.Slots.Count + i];
                if (values(i, out var bytes))
                {
                    DiscreteTensors.Write(target, Discretes[i], bytes);
                }
                else
                {
                    Model.ResetDiscrete(i, target);
                }
            }

            Verify();
        });
    }

    /// <summary>Sets all buffers of whole numbers or truth values to those of another objective of the same model.
    /// </summary>
    public void SetDiscretesFrom(Objective other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Arguments.RequireLength(other.Discretes.Count, Discretes.Count, "the other objective");
        Calls.Do(() =>
        {
            int floating = BufferLayout.Slots.Count;
            for (int i = floating; i < BufferValues.Length; i++)
            {
                BufferValues[i].copy_(other.BufferValues[i]);
            }
        });
    }

    private void Verify()
    {
        using var computation = Begin();
        Model.Verify(Slice(0, Math.Min(SampleCount, CheckedSamples)).Inputs, BufferValues);
    }
}
