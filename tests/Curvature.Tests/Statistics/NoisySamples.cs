using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.TorchScript;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Samples whose noise scale is known.</summary>
internal static class NoisySamples
{
    public const int Outputs = 4;

    public const double Deviation = 1.5;

    public static readonly double[] Point = [2, -1, 0.5, 1];

    public static double SquaredNorm => Point.Sum(x => x * x);

    /// <summary>T of the data.</summary>
    public static double Truth => Outputs * Deviation * Deviation / SquaredNorm;

    public static Estimate NoiseScale(Random random, int samples, VarianceForm form, double[]? point = null)
    {
        using var at = At(random, samples, point ?? Point);
        return new CurvatureStatistics(at.Linearization, TimeProvider.System)
            .Gradient(
                new GradientOptions
                {
                    Form = form,
                    BatchSize = 8,
                    Partitions = 4,
                }
            )
            .NoiseScale!;
    }

    public static PlacedModel At(Random random, int samples, double[] point)
    {
        int outputs = point.Length;
        var source = new ScriptModelSource(
            "constant",
            "def forward(self, x: Tensor) -> Tensor:\n    return x * 0 + self.w\n",
            [new("w", [outputs])],
            []
        );
        double[] targets = [.. Enumerable.Range(0, samples * outputs).Select(_ => Deviation * Normal(random))];
        var data = Samples.Regression(
            new double[samples * outputs],
            [samples, outputs],
            targets,
            outputs,
            ElementType.Float64,
            Device.Cpu
        );
        return new PlacedModel(
            ScriptModel.Define(source, ElementType.Float64, Device.Cpu),
            data,
            Vector.From(point, ElementType.Float64, Device.Cpu)
        );
    }

    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
