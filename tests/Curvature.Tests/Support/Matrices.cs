using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Operators;
using MathNet.Numerics.LinearAlgebra;

namespace CurvatureMonitor.Curvature.Tests.Support;

/// <summary>
/// Symmetric matrices of every kind that Lanczos has to get right, and their exact eigenvalues by MathNet.
/// </summary>
internal static class Matrices
{
    internal static readonly string[] Names =
    [
        "random",
        "clustered",
        "low-rank",
        "negative",
        "diagonal",
        "repeated",
        "tiny",
        "huge",
        "spiked",
    ];

    internal static double[,] Named(string name, int seed = 1, int size = 40) =>
        name switch
        {
            "random" => WithEigenvalues(Uniform(seed, size, -3, 3), seed),
            "clustered" => WithEigenvalues([.. Enumerable.Range(0, size).Select(i => (i % 4) + (1e-4 * i))], seed),
            "low-rank" => WithEigenvalues([.. Enumerable.Range(0, size).Select(i => i < 5 ? 5.0 - i : 0)], seed),
            "negative" => WithEigenvalues([.. Enumerable.Range(0, size).Select(i => -1.0 - i)], seed),
            "diagonal" => Diagonal([.. Enumerable.Range(0, size).Select(i => (double)((i * 7 % 11) - 4) + (0.01 * i))]),
            "repeated" => WithEigenvalues([.. Enumerable.Range(0, size).Select(i => (double)(i % 3))], seed),
            "tiny" => WithEigenvalues([.. Uniform(seed, size, -3e-12, 3e-12)], seed),
            "huge" => WithEigenvalues([.. Uniform(seed, size, -3e12, 3e12)], seed),
            "spiked" => WithEigenvalues([.. Enumerable.Range(0, size).Select(i => i == 0 ? 100 : 0.01 * i)], seed),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such matrix"),
        };

    internal static double[,] WithEigenvalues(double[] eigenvalues, int seed)
    {
        var size = eigenvalues.Length;
        var random = new Random(seed);
        var gaussian = Matrix<double>.Build.Dense(size, size, (_, _) => Normal(random));
        var q = gaussian.QR().Q;
        var product = q * Matrix<double>.Build.DenseOfDiagonalArray(eigenvalues) * q.Transpose();
        return ((product + product.Transpose()) / 2).ToArray();
    }

    internal static double[,] Diagonal(double[] entries)
    {
        var matrix = new double[entries.Length, entries.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            matrix[i, i] = entries[i];
        }

        return matrix;
    }

    internal static double[,] Identity(int size) => Diagonal([.. Enumerable.Repeat(1.0, size)]);

    /// <summary>Largest first.</summary>
    internal static double[] Eigenvalues(double[,] matrix) =>
        [
            .. Matrix<double>
                .Build.DenseOfArray(matrix)
                .Evd(Symmetricity.Symmetric)
                .EigenValues.Select(value => value.Real)
                .OrderDescending(),
        ];

    internal static DenseOperator Operator(double[,] matrix, ElementType type = ElementType.Float64) =>
        new(matrix, type, Device.Cpu);

    internal static double[] Uniform(int seed, int count, double low, double high)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => low + ((high - low) * random.NextDouble()))];
    }

    internal static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    internal static double DistanceToNearest(double value, double[] exact) =>
        exact.Min(other => Math.Abs(other - value));

    internal static double NormOf(double[] eigenvalues) => eigenvalues.Max(Math.Abs);
}
