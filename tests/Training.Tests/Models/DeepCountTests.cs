using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Training.Tests.Models;

/// <summary>Parameters of deep networks, counted layer by layer.</summary>
public sealed class DeepCountTests
{
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
