using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.TorchScript;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>
/// A network of a few dozen parameters whose matrices, whole and sample by sample, are formed by brute force: one
/// objective a sample.
/// </summary>
internal sealed class TinyModel : IDisposable
{
    private const int Inputs = 3;
    private const int Classes = 3;
    private const int Hidden = 2;

    private readonly ScriptModel _model;
    private readonly List<IDisposable> _owned = [];
    private readonly BatchNormMode _mode;
    private readonly double[] _inputs;
    private readonly long[] _labels;

    internal TinyModel(
        bool batchNorm = false,
        BatchNormMode mode = BatchNormMode.Eval,
        int samples = 11,
        int microBatch = 4,
        int seed = 1
    )
    {
        (SampleCount, _mode) = (samples, mode);
        _model = Own(ScriptModel.Define(batchNorm ? WithBatchNorm : Plain, ElementType.Float64, Device.Cpu));
        var random = new Random(seed);
        Theta = Own(Vector.From(Numbers(random, (int)_model.ParameterCount), ElementType.Float64, Device.Cpu));
        if (batchNorm)
        {
            using var buffers = Vector.From([0.3, -0.2, 1.5, 0.7], ElementType.Float64, Device.Cpu);
            _model.SetBuffers(buffers);
        }

        _inputs = Numbers(random, samples * Inputs);
        _labels = [.. Enumerable.Range(0, samples).Select(_ => (long)random.Next(Classes))];
        Objective = ObjectiveOver([.. Enumerable.Range(0, samples)], microBatch);
        Linearization = Own(new Linearization(Objective, Theta));
    }

    internal int SampleCount { get; }

    internal Vector Theta { get; }

    internal Objective Objective { get; }

    internal Linearization Linearization { get; }

    internal CurvatureStatistics Statistics => new(Linearization, TimeProvider.System);

    internal int ParameterCount => (int)Theta.Length;

    private static ScriptModelSource Plain { get; } =
        new(
            "tiny",
            """
            def forward(self, x: Tensor) -> Tensor:
                return torch.linear(torch.tanh(torch.linear(x, self.w1, self.b1)), self.w2, self.b2)
            """,
            [new("w1", [Hidden, Inputs]), new("b1", [Hidden]), new("w2", [Classes, Hidden]), new("b2", [Classes])],
            []
        );

    private static ScriptModelSource WithBatchNorm { get; } =
        new(
            "tiny_bn",
            """
            def forward(self, x: Tensor) -> Tensor:
                h = torch.linear(x, self.w1, self.b1)
                h = torch.batch_norm(h, self.g, self.b, self.running_mean, self.running_var, False, 0.1, 1e-05, False)
                return torch.linear(torch.tanh(h), self.w2, self.b2)
            """,
            [
                new("w1", [Hidden, Inputs]),
                new("b1", [Hidden]),
                new("g", [Hidden]),
                new("b", [Hidden]),
                new("w2", [Classes, Hidden]),
                new("b2", [Classes]),
            ],
            [new("running_mean", [Hidden]), new("running_var", [Hidden])]
        );

    /// <summary>∇L over chosen samples as one batch.</summary>
    internal double[] Gradient(params int[] samples)
    {
        using var gradient = Theta.ZerosLike();
        ObjectiveOver(samples, samples.Length).Gradient(Theta, gradient);
        return gradient.ToArray();
    }

    /// <summary>The operator over chosen samples as one batch, entry by entry.</summary>
    internal double[,] Matrix(OperatorKind kind, params int[] samples)
    {
        using var at = new Linearization(ObjectiveOver(samples, samples.Length), Theta);
        return Dense(LinearizationOperator.Create(kind, at));
    }

    /// <summary>The operator over the whole probe set, entry by entry.</summary>
    internal double[,] Matrix(OperatorKind kind) => Dense(LinearizationOperator.Create(kind, Linearization));

    public void Dispose() => Enumerable.Reverse(_owned).ToList().ForEach(owned => owned.Dispose());

    private static double[,] Dense(LinearizationOperator curvature)
    {
        using var scratch = curvature as IDisposable;
        var size = (int)curvature.Dimension;
        var matrix = new double[size, size];
        using var product = Vector.Zeros(size, ElementType.Float64, Device.Cpu);
        for (var j = 0; j < size; j++)
        {
            var unit = new double[size];
            unit[j] = 1;
            using var v = Vector.From(unit, ElementType.Float64, Device.Cpu);
            curvature.Apply(v, product);
            var column = product.ToArray();
            for (var i = 0; i < size; i++)
            {
                matrix[i, j] = column[i];
            }
        }

        return matrix;
    }

    private static double[] Numbers(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextDouble()) - 1)];

    /// <summary>Chosen samples as an objective of their own; disposed with this.</summary>
    internal Objective ObjectiveOver(int[] samples, int microBatch)
    {
        var inputs = samples.SelectMany(i => _inputs.AsSpan(i * Inputs, Inputs).ToArray()).ToArray();
        var data = Own(
            Samples.Classification(
                inputs,
                [samples.Length, Inputs],
                [.. samples.Select(i => _labels[i])],
                ElementType.Float64,
                Device.Cpu
            )
        );
        return Own(new Objective(_model, data, Loss.CrossEntropy, _mode, microBatch));
    }

    private T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }
}
