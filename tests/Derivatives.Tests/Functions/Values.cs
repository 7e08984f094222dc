using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Functions;

/// <summary>Tensors of random numbers that are the same in every run, on every thread.</summary>
internal static class Values
{
    internal static Tensor Of(long[] shape, int seed, ScalarType type = ScalarType.Float64)
    {
        var random = new Random(seed);
        double[] numbers = new double[shape.Aggregate(1L, (product, size) => product * size)];
        for (int i = 0; i < numbers.Length; i++)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            numbers[i] = radius * Math.Cos(2 * Math.PI * random.NextDouble());
        }

        return tensor(numbers).reshape(shape).to(type);
    }

    internal static Tensor Like(Tensor tensor, int seed) => Of(tensor.shape, seed, tensor.dtype);
}
