using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Training.Tests.Models;

/// <summary>
/// Layers by their definitions, in plain loops over float64 numbers: what the compiled models must agree with.
/// </summary>
internal sealed class ReferenceNetwork(IReadOnlyList<TensorSlot> slots, double[] parameters)
{
    public double[] Parameters { get; } = parameters;

    /// <summary>Mean over samples of −log softmax(z)_y.</summary>
    public static double CrossEntropy(double[][] outputs, long[] labels) =>
        outputs
            .Select((z, i) => Math.Log(z.Sum(entry => Math.Exp(entry - z.Max()))) + z.Max() - z[labels[i]])
            .Average();

    public double[] Linear(string layer, double[] x)
    {
        var (weight, bias) = (Tensor($"{layer}.weight"), Tensor($"{layer}.bias"));
        return [.. bias.Select((b, o) => b + x.Select((entry, i) => entry * weight[(o * x.Length) + i]).Sum())];
    }

    public double[][,] Conv2d(string layer, double[][,] x, int kernel, int padding)
    {
        var (weight, bias) = (Tensor($"{layer}.weight"), Tensor($"{layer}.bias"));
        var (height, width) = (x[0].GetLength(0), x[0].GetLength(1));
        return
        [
            .. bias.Select(
                (b, o) =>
                    Image(height + (2 * padding) - kernel + 1, width + (2 * padding) - kernel + 1, (row, column) =>
                    {
                        var sum = b;
                        for (var c = 0; c < x.Length; c++)
                        {
                            for (var i = 0; i < kernel; i++)
                            {
                                for (var j = 0; j < kernel; j++)
                                {
                                    var (r, q) = (row + i - padding, column + j - padding);
                                    var inside = r >= 0 && r < height && q >= 0 && q < width;
                                    sum += inside
                                        ? x[c][r, q] * weight[(((((o * x.Length) + c) * kernel) + i) * kernel) + j]
                                        : 0;
                                }
                            }
                        }

                        return sum;
                    })
            ),
        ];
    }

    public static double[][,] MaxPool2(double[][,] x) =>
        [
            .. x.Select(image =>
                Image(image.GetLength(0) / 2, image.GetLength(1) / 2, (r, c) =>
                    Math.Max(
                        Math.Max(image[2 * r, 2 * c], image[2 * r, (2 * c) + 1]),
                        Math.Max(image[(2 * r) + 1, 2 * c], image[(2 * r) + 1, (2 * c) + 1])
                    )
                )
            ),
        ];

    /// <summary>Batch norm of a whole batch with the batch's own mean and biased variance.</summary>
    public double[][][,] BatchNorm(string layer, double[][][,] batch)
    {
        var (weight, bias) = (Tensor($"{layer}.weight"), Tensor($"{layer}.bias"));
        var means = weight.Select((_, c) => batch.SelectMany(x => x[c].Cast<double>()).Average()).ToArray();
        var variances = weight
            .Select(
                (_, c) => batch.SelectMany(x => x[c].Cast<double>()).Average(entry => Math.Pow(entry - means[c], 2))
            )
            .ToArray();
        return
        [
            .. batch.Select(x =>
                x.Select(
                        (image, c) =>
                            Map(image, entry =>
                                (weight[c] * (entry - means[c]) / Math.Sqrt(variances[c] + 1e-5)) + bias[c]
                            )
                    )
                    .ToArray()
            ),
        ];
    }

    public static double[][,] Relu(double[][,] x) => [.. x.Select(image => Map(image, entry => Math.Max(entry, 0)))];

    public static double[] Relu(double[] x) => [.. x.Select(entry => Math.Max(entry, 0))];

    public static double[] Flatten(double[][,] x) => [.. x.SelectMany(image => image.Cast<double>())];

    private static double[,] Image(int height, int width, Func<int, int, double> entry)
    {
        var image = new double[height, width];
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                image[row, column] = entry(row, column);
            }
        }

        return image;
    }

    private static double[,] Map(double[,] image, Func<double, double> function) =>
        Image(image.GetLength(0), image.GetLength(1), (row, column) => function(image[row, column]));

    private double[] Tensor(string name)
    {
        var slot = slots.Single(s => s.Name == name);
        return Parameters.AsSpan((int)slot.Offset, (int)slot.Count).ToArray();
    }
}
