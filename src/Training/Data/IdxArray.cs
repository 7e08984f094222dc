namespace CurvatureMonitor.Training.Data;

/// <summary>The content of an idx file of unsigned bytes.</summary>
/// <param name="Source">The file it came from, for errors.</param>
/// <param name="Shape">The extent of every dimension, all positive.</param>
/// <param name="Data">The elements, row-major.</param>
internal sealed record IdxArray(string Source, int[] Shape, byte[] Data);
