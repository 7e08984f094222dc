using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Cluster.Tests.Wire;

/// <summary>Numbers of all bits.</summary>
internal static class AnyNumbers
{
    public static readonly Gen<double> AnyBits = Gen.Choose(int.MinValue, int.MaxValue)
        .Two()
        .Select(pair => BitConverter.Int64BitsToDouble(((long)pair.Item1 << 32) | (uint)pair.Item2));

    public static readonly Gen<double> Finite = AnyBits.Where(double.IsFinite);

    public static readonly Gen<double> Weight = Gen.Choose(1, int.MaxValue).Select(n => n / 3.0e9);
}
