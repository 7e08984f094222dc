namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>
/// Where a tensor's elements stand in its storage: element (i, j, …) at offset + i·stride₀ + j·stride₁ + ….
/// </summary>
/// <param name="Offset">Place of the first element.</param>
/// <param name="Shape">The tensor's shape.</param>
/// <param name="Strides">Steps between elements, one a dimension.</param>
internal sealed record TensorPlace(long Offset, long[] Shape, long[] Strides)
{
    private const int MaxDimensions = 64;

    /// <summary>The number of elements if all lie in a storage of <paramref name="count"/>, else null.</summary>
    internal long? ElementsWithin(long count)
    {
        if (
            Shape.Length != Strides.Length
            || Shape.Length > MaxDimensions
            || Offset < 0
            || Offset > count
            || Shape.Any(size => size < 0)
            || Strides.Any(stride => stride < 0)
        )
        {
            return null;
        }

        // Both stay below 2^63 from step to step, so that 128 bits hold each product. Sizes beside a 0 count too.
        Int128 room = 1,
            last = Offset;
        for (int i = 0; i < Shape.Length; i++)
        {
            room *= Math.Max(Shape[i], 1);
            last += (Int128)Math.Max(Shape[i] - 1, 0) * Strides[i];
            if (room > long.MaxValue || last > long.MaxValue)
            {
                return null;
            }
        }

        return Shape.Contains(0) ? 0
            : last < count ? (long)room
            : null;
    }

    /// <summary>Whether it is the whole storage of <paramref name="count"/> elements in order.</summary>
    internal bool IsWhole(long count)
    {
        long step = 1;
        for (int i = Shape.Length - 1; i >= 0; i--)
        {
            if (Shape[i] != 1 && Strides[i] != step)
            {
                return false;
            }

            step *= Shape[i];
        }

        return Offset == 0 && step == count && count > 0;
    }

    /// <summary>A text that two equal places share, for a dictionary.</summary>
    internal string Key => $"{Offset}:{string.Join(',', Shape)}:{string.Join(',', Strides)}";
}
