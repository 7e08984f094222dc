using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Torch;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Training.Tests.Models;

/// <summary>
/// Counts: VGG as in chenyaofo/pytorch-cifar-models and chengyangfu/pytorch-vgg-cifar10, ResNet-18 as in
/// kuangliu/pytorch-cifar, PreResNet-110 and WRN-28-10 as in osmr/imgclsmob (pytorchcv), whose sources assert them.
/// </summary>
public sealed class DeepNetworksTests
{
    private const long StatesOfVgg16BatchNorm = 2 * ((2 * 64) + (2 * 128) + (3 * 256) + (6 * 512));

    [Theory]
    [InlineData("vgg11-bn", 9_756_426)]
    [InlineData("vgg16-bn", 15_253_578)]
    [InlineData("resnet18", 11_173_962)]
    [InlineData("preresnet110", 1_730_522)]
    [InlineData("preresnet110:classes=100", 1_736_372)]
    [InlineData("wideresnet28-10", 36_479_194)]
    [InlineData("wideresnet28-10:classes=100", 36_536_884)]
    public void A_deep_network_has_the_published_number_of_parameters(string text, long published) =>
        Assert.Equal(published, BuiltInModels.Create(text).ParameterCount);

    [Fact]
    public void VGG16_for_100_classes_is_that_of_the_thesis_but_for_batch_norm() =>
        // Granziol's thesis, section 4.6.1: P = 15,291,300 without batch norm.
        Assert.Equal(15_291_300, BuiltInModels.Create("vgg16-bn:classes=100").ParameterCount - StatesOfVgg16BatchNorm);

    [Theory]
    [InlineData("vgg11-bn")]
    [InlineData("vgg16-bn")]
    [InlineData("resnet18")]
    [InlineData("preresnet110")]
    [InlineData("wideresnet28-10")]
    public void The_count_is_that_of_the_layers_by_arithmetic(string name)
    {
        long expected = name switch
        {
            "vgg11-bn" => Vgg([3, 64, 128, 256, 256, 512, 512, 512, 512]),
            "vgg16-bn" => Vgg([3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512]),
            "resnet18" => Convolution(3, 64, 3)
                + Norm(64)
                + Stages([64, 64, 128, 256, 512], 2, (inputs, width) =>
                    Norm(width) + Norm(width) + (inputs == width ? 0 : Norm(width))
                )
                + Linear(512, 10),
            "preresnet110" => Convolution(3, 16, 3)
                + Stages([16, 16, 32, 64], 18, (inputs, width) => Norm(inputs) + Norm(width))
                + Norm(64)
                + Linear(64, 10),
            _ => Convolution(3, 16, 3)
                + Stages([16, 160, 320, 640], 4, (inputs, width) => Norm(inputs) + Norm(width))
                + Norm(640)
                + Linear(640, 10),
        };
        Assert.Equal(expected, BuiltInModels.Create(name).ParameterCount);
    }

    [Theory]
    [InlineData("vgg11-bn", 8 * 2)]
    [InlineData("vgg16-bn", 13 * 2)]
    [InlineData("resnet18", (1 + 16 + 3) * 2)]
    [InlineData("preresnet110", ((54 * 2) + 1) * 2)]
    [InlineData("wideresnet28-10", ((12 * 2) + 1) * 2)]
    public void Every_batch_norm_brings_two_statistics(string name, int expected) =>
        Assert.Equal(expected, BuiltInModels.Create(name).Buffers.Count);

    [Fact]
    public void Layers_are_named_as_in_PyTorch()
    {
        string[] vgg = [.. BuiltInModels.Create("vgg16-bn").Source.Parameters.Select(p => p.Name)];
        Assert.Equal("features.0.weight", vgg[0]);
        Assert.Contains("features.41.bias", vgg);
        Assert.Equal(
            [
                "classifier.0.weight",
                "classifier.0.bias",
                "classifier.3.weight",
                "classifier.3.bias",
                "classifier.6.weight",
                "classifier.6.bias",
            ],
            vgg[^6..]
        );
        Assert.Contains(
            "layer2.0.shortcut.1.running_var",
            BuiltInModels.Create("resnet18").Source.Buffers.Select(b => b.Name)
        );
        Assert.Contains(
            "layer3.0.downsample.weight",
            BuiltInModels.Create("preresnet110").Source.Parameters.Select(p => p.Name)
        );
        Assert.Contains(
            "block1.layer.0.convShortcut.weight",
            BuiltInModels.Create("wideresnet28-10").Source.Parameters.Select(p => p.Name)
        );
    }

    [Theory]
    [InlineData("vgg11-bn", 32)]
    [InlineData("vgg16-bn", 32)]
    [InlineData("resnet18", 16)]
    [InlineData("preresnet110", 16)]
    [InlineData("wideresnet28-10", 8)]
    public void Forward_pass_and_gradient_are_finite_and_reach_every_tensor(string name, int size)
    {
        using var model = BuiltInModels
            .Create($"{name}:input=3,{size},{size};classes=4")
            .Instantiate(ElementType.Float32, Device.Cpu, 3);
        float[] images =
        [
            .. Enumerable
                .Range(0, 2 * 3 * size * size)
                .Select(i => MathF.Sin(0.37f * i) + (0.5f * MathF.Cos(1.3f * i))),
        ];
        using var samples = Samples.Classification(
            images,
            [2, 3, size, size],
            [0L, 3L],
            ElementType.Float32,
            Device.Cpu
        );
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Train, 2);
        using var theta = Vector.Zeros(model.ParameterCount, ElementType.Float32, Device.Cpu);
        model.GetParameters(theta);
        using var gradient = theta.ZerosLike();
        double loss = objective.Gradient(theta, gradient);
        Assert.InRange(loss, 0.2, 10);
        Assert.True(gradient.IsFinite());
        float[] values = new float[gradient.Length];
        gradient.CopyTo(values);
        Assert.All(model.Parameters.Where(slot => slot.Name.EndsWith("weight", StringComparison.Ordinal)), slot =>
            Assert.Contains(Slice(values, slot), value => value != 0)
        );
    }

    private static float[] Slice(float[] values, TensorSlot slot) =>
        values[(int)slot.Offset..(int)(slot.Offset + slot.Count)];

    private static long Vgg(long[] channels) =>
        channels.Zip(channels.Skip(1), (from, to) => Convolution(from, to, 3) + to + Norm(to)).Sum()
        + (2 * Linear(512, 512))
        + Linear(512, 10);

    /// <summary>Stages of blocks of two 3×3 convolutions, with a 1×1 projection where the width changes.</summary>
    private static long Stages(long[] widths, int blocks, Func<long, long, long> norms)
    {
        long sum = 0;
        for (int stage = 1; stage < widths.Length; stage++)
        {
            for (int block = 0; block < blocks; block++)
            {
                long inputs = block == 0 ? widths[stage - 1] : widths[stage],
                    width = widths[stage];
                sum +=
                    Convolution(inputs, width, 3)
                    + Convolution(width, width, 3)
                    + norms(inputs, width)
                    + (inputs == width ? 0 : Convolution(inputs, width, 1));
            }
        }

        return sum;
    }

    private static long Convolution(long from, long to, long kernel) => from * to * kernel * kernel;

    private static long Norm(long channels) => 2 * channels;

    private static long Linear(long from, long to) => (from * to) + to;
}
