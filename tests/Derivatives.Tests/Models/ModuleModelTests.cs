using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives.Tests.Models;

/// <summary>Networks of TorchSharp's own layers, against differences of gradients and TorchSharp's own loss.</summary>
public sealed class ModuleModelTests
{
    public static TheoryData<string, BatchNormMode> Networks =>
        new()
        {
            { "mlp", BatchNormMode.Eval },
            { "batch norm", BatchNormMode.Eval },
            { "batch norm", BatchNormMode.Train },
            { "batch norm", BatchNormMode.Recompute },
            { "lstm", BatchNormMode.Eval },
        };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Products_are_those_of_differences_of_gradients(string network, BatchNormMode mode)
    {
        using var model = ModuleModel.Of(() => Network(network), ElementType.Float64, Device.Cpu);
        using var samples = Images(ElementType.Float64);
        using var objective = new Objective(model, samples, Loss.CrossEntropy, mode, 4);
        using var theta = Vector.Zeros(model.ParameterCount, ElementType.Float64, Device.Cpu);
        theta.FillNormal(3);
        theta.Scale(0.5);
        using var at = new Linearization(objective, theta);
        using Vector v = at.Zeros(),
            h = at.Zeros(),
            plus = at.Zeros(),
            minus = at.Zeros();
        v.FillNormal(4);
        at.HessianProduct(v, h);
        Assert.Null(at.Degradation);
        const double step = 1e-5;
        theta.Add(v, step);
        objective.Gradient(theta, plus);
        theta.Add(v, -2 * step);
        objective.Gradient(theta, minus);
        plus.Add(minus, -1);
        plus.Scale(1 / (2 * step));
        plus.Add(h, -1);
        if (mode != BatchNormMode.Recompute)
        {
            Assert.InRange(plus.Norm() / h.Norm(), 0, 1e-6);
        }

        // Again, from the graphs that stayed, and the statistics are as they were.
        using var again = at.Zeros();
        at.HessianProduct(v, again);
        Assert.Equal(h.ToArray(), again.ToArray());
    }

    [Fact]
    public void An_lstm_in_float32_has_exact_second_derivatives()
    {
        using var model = ModuleModel.Of(() => Network("lstm"), ElementType.Float32, Device.Cpu);
        using var samples = Images(ElementType.Float32);
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = Vector.Zeros(model.ParameterCount, ElementType.Float32, Device.Cpu);
        model.GetParameters(theta);
        using var at = new Linearization(objective, theta);
        using Vector v = at.Zeros(),
            w = at.Zeros();
        v.FillNormal(4);
        at.HessianProduct(v, w);
        at.GaussNewtonProduct(v, w);
        Assert.Null(at.Degradation);
    }

    [Fact]
    public void Gauss_Newton_products_are_as_exact_without_kept_graphs()
    {
        using var model = ModuleModel.Of(() => Network("mlp"), ElementType.Float64, Device.Cpu);
        using var samples = Images(ElementType.Float64);
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = Vector.Zeros(model.ParameterCount, ElementType.Float64, Device.Cpu);
        model.GetParameters(theta);
        using var kept = new Linearization(objective, theta);
        using var rebuilt = new Linearization(objective, theta, new LinearizationOptions { RetainBytes = 0 });
        using Vector v = kept.Zeros(),
            expected = kept.Zeros(),
            product = kept.Zeros();
        v.FillNormal(4);
        kept.GaussNewtonProduct(v, expected);
        rebuilt.GaussNewtonProduct(v, product);
        Assert.Equal(expected.ToArray(), product.ToArray());
        Assert.Null(rebuilt.Degradation?.FiniteDifferences);
    }

    [Fact]
    public void Instances_are_used_again_for_the_next_checkpoint()
    {
        int made = 0;
        using var model = ModuleModel.Of(
            () =>
            {
                made++;
                return Network("batch norm");
            },
            ElementType.Float64,
            Device.Cpu
        );
        using var samples = Images(ElementType.Float64);
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = Vector.Zeros(model.ParameterCount, ElementType.Float64, Device.Cpu);
        model.GetParameters(theta);
        double first = LossAt();
        theta.Scale(2);
        Assert.NotEqual(first, LossAt());
        theta.Scale(0.5);
        Assert.Equal(first, LossAt());

        // A model, its objective, and one point.
        Assert.Equal(3, made);

        double LossAt()
        {
            using var at = new Linearization(objective, theta);
            using Vector v = at.Zeros(),
                product = at.Zeros();
            v.FillNormal(4);
            at.HessianProduct(v, product);
            return at.Loss;
        }
    }

    [Theory]
    [InlineData(1e-6, true)]
    [InlineData(1e-2, false)]
    public void Outputs_may_differ_by_rounding_and_by_nothing_more(double difference, bool isAccepted)
    {
        using var model = ModuleModel.Of(() => new Unsteady(difference), ElementType.Float32, Device.Cpu);
        using var samples = Images(ElementType.Float32);
        var thrown = Record.Exception(() =>
            new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4).Dispose()
        );
        Assert.Equal(isAccepted, thrown is null);
        Assert.True(isAccepted || thrown is DerivativeException, $"{thrown}");
    }

    private static nn.Module<Tensor, Tensor> Network(string name) =>
        name switch
        {
            "mlp" => nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 3)),
            "batch norm" => nn.Sequential(
                nn.Linear(6, 5),
                nn.BatchNorm1d(5),
                nn.Tanh(),
                nn.Dropout(0.5),
                nn.Linear(5, 3)
            ),
            _ => new LstmNetwork(),
        };

    private static Samples Images(ElementType type) =>
        Samples.Classification(Numbers(1, 10 * 6), [10, 6], Labels(10), type, Device.Cpu);

    private static double[] Numbers(int seed, int count)
    {
        using var vector = Vector.Zeros(count, ElementType.Float64, Device.Cpu);
        vector.FillNormal(seed);
        return vector.ToArray();
    }

    private static long[] Labels(int count) => [.. Enumerable.Range(0, count).Select(i => (long)(i * 7 % 3))];

    private sealed class LstmNetwork : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.LSTM _lstm = nn.LSTM(2, 4, batchFirst: true);
        private readonly TorchSharp.Modules.Linear _last = nn.Linear(4, 3);

        internal LstmNetwork()
            : base(nameof(LstmNetwork)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var (all, _, _) = _lstm.call(input.view(-1, 3, 2));
            return _last.call(all.select(1, 2));
        }
    }

    // Every second output is larger by a share.
    private sealed class Unsteady : nn.Module<Tensor, Tensor>
    {
        private readonly double _share;
        private readonly TorchSharp.Modules.Linear _layer = nn.Linear(6, 3);
        private int _runs;

        internal Unsteady(double share)
            : base("unsteady")
        {
            _share = share;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var factor = full([], 1 + (_runs++ % 2 * _share), ScalarType.Float32);
            return _layer.call(x) * factor;
        }
    }
}
