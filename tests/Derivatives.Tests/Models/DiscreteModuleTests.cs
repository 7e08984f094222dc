using CurvatureMonitor.Contracts.Models;
using TorchSharp;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives.Tests.Models;

/// <summary>Modules of TorchSharp that read a mask and a counter, which the training changes.</summary>
public sealed class DiscreteModuleTests
{
    private static readonly float[] Inputs = [.. Enumerable.Range(0, 24).Select(i => MathF.Sin(1 + (1.3f * i)))];
    private static readonly long[] Labels = [0, 2, 1, 1, 0, 2];

    [Fact]
    public void What_is_measured_has_the_mask_and_the_count_of_the_checkpoint()
    {
        using var trained = new Masked();
        _ = trained.to(ScalarType.Float64);
        var reading = new TrainedModule(trained);
        Assert.Equal(
            [("_mask", DiscreteType.Bool, 0L), ("_count", DiscreteType.Int64, 4L)],
            reading.Discretes.Select(slot => (slot.Name, slot.Type, slot.Offset))
        );
        using var model = ModuleModel.Of(() => new Masked(), ElementType.Float64, Device.Cpu);
        using var samples = Samples.Classification(Inputs, [6, 4], Labels, ElementType.Float64, Device.Cpu);
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = Vector.Zeros(model.ParameterCount, ElementType.Float64, Device.Cpu);
        double[] numbers = new double[model.ParameterCount];
        reading.CopyParametersTo<double>(numbers);
        theta.CopyFrom(numbers);
        for (int step = 0; step < 4; step++)
        {
            using (no_grad())
            {
                trained.Mask[step].fill_(false);
                trained.Count.add_(2);
            }

            byte[][] values = [.. reading.Discretes.Select(slot => new byte[slot.ByteLength])];
            reading.CopyDiscreteTo(0, values[0]);
            reading.CopyDiscreteTo(1, values[1]);
            objective.SetDiscretes((int number, out ReadOnlySpan<byte> bytes) =>
            {
                bytes = values[number];
                return true;
            });
            using var scope = NewDisposeScope();
            var outputs = trained.call(tensor(Inputs, [6, 4]).to(ScalarType.Float64));
            double expected = nn.functional.cross_entropy(outputs, tensor(Labels)).item<double>();
            Assert.Equal(expected, objective.Evaluate(theta).Loss, 1e-12);
            using var at = new Linearization(objective, theta);
            using Vector v = theta.ZerosLike(),
                product = theta.ZerosLike();
            v.FillNormal(4);
            at.HessianProduct(v, product);
            Products.Differences.AssertClose(Products.Differences.HessianProduct(objective, theta, v), product, 1e-6);
        }
    }

    private sealed class Masked : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Linear _layer = nn.Linear(4, 3);
        private readonly Tensor _mask = ones([4], ScalarType.Bool);
        private readonly Tensor _count = zeros([], ScalarType.Int64);

        internal Masked()
            : base(nameof(Masked)) => RegisterComponents();

        internal Tensor Mask => _mask;

        internal Tensor Count => _count;

        public override Tensor forward(Tensor input) => tanh(_layer.call(input * _mask)) / (_count + 1);
    }
}
