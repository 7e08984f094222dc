using CurvatureMonitor.Contracts.Analyses;
using MathNet.Numerics.LinearAlgebra;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>The matrices of the samples of a tiny model.</summary>
internal static class SampleMatrices
{
    public static TheoryData<OperatorKind, bool> Kinds()
    {
        var data = new TheoryData<OperatorKind, bool>();
        foreach (var kind in OperatorNames.All)
        {
            data.Add(kind, false);
            data.Add(kind, true);
        }

        return data;
    }

    public static IEnumerable<int> Each(TinyModel model) => Enumerable.Range(0, model.SampleCount);

    public static Matrix<double>[] Deviations(TinyModel model, OperatorKind kind)
    {
        var each = Each(model).Select(i => Matrix<double>.Build.DenseOfArray(model.Matrix(kind, i))).ToArray();
        var mean = each.Aggregate((a, b) => a + b) / each.Length;
        return [.. each.Select(matrix => matrix - mean)];
    }

    public static IEnumerable<int[]> Subsets(int samples, int size) =>
        Enumerable
            .Range(0, 1 << samples)
            .Where(bits => System.Numerics.BitOperations.PopCount((uint)bits) == size)
            .Select(bits => Enumerable.Range(0, samples).Where(i => (bits >> i & 1) != 0).ToArray());
}
