namespace CurvatureMonitor.Derivatives;

/// <summary>Reads the bytes of a buffer of whole numbers or truth values.</summary>
/// <param name="number">Its place among the model's.</param>
/// <param name="values">Its little-endian bytes.</param>
/// <returns>Whether there are any.</returns>
public delegate bool DiscreteReading(int number, out ReadOnlySpan<byte> values);
