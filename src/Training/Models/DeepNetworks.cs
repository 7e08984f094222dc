namespace CurvatureMonitor.Training.Models;

/// <summary>
/// The networks of the papers on curvature, in their variants for 32×32 images. Layers are named as in the PyTorch
/// implementations that people use, so that their state dictionaries load; tensors start with PyTorch's defaults.
/// Dropout is left out: the engine measures, and trains, without it.
/// </summary>
internal static class DeepNetworks
{
    /// <summary>Sign for a max pool in a list of channels.</summary>
    private const long Pool = 0;

    private static readonly long[] Configuration11 =
    [
        64,
        Pool,
        128,
        Pool,
        256,
        256,
        Pool,
        512,
        512,
        Pool,
        512,
        512,
        Pool,
    ];

    private static readonly long[] Configuration16 =
    [
        64,
        64,
        Pool,
        128,
        128,
        Pool,
        256,
        256,
        256,
        Pool,
        512,
        512,
        512,
        Pool,
        512,
        512,
        512,
        Pool,
    ];

    internal static ModelBuilder Vgg11(ModelBuilder model, long classes) => Vgg(model, Configuration11, classes);

    internal static ModelBuilder Vgg16(ModelBuilder model, long classes) => Vgg(model, Configuration16, classes);

    /// <summary>
    /// ResNet-18: four stages of two basic blocks; a 3×3 stem without max pool, since the images are small.
    /// </summary>
    internal static ModelBuilder ResNet18(ModelBuilder model, long classes)
    {
        model.Conv2d("conv1", 64, 3, padding: 1, bias: false).BatchNorm2d("bn1").Relu();
        long[] channels = [64, 128, 256, 512];
        for (var stage = 0; stage < channels.Length; stage++)
        {
            var width = channels[stage];
            var stride = stage == 0 ? 1 : 2;
            model.Block($"layer{stage + 1}", layer =>
                layer
                    .Block("0", block => BasicBlock(block, width, stride))
                    .Block("1", block => BasicBlock(block, width, 1))
            );
        }

        return model.GlobalAveragePool2d().Linear("linear", classes);
    }

    /// <summary>Pre-activation ResNet of depth 6·18 + 2: three stages of 18 blocks of 16, 32, 64 channels.</summary>
    internal static ModelBuilder PreResNet110(ModelBuilder model, long classes)
    {
        model.Conv2d("conv1", 16, 3, padding: 1, bias: false);
        long[] channels = [16, 32, 64];
        for (var stage = 0; stage < channels.Length; stage++)
        {
            PreActivationStage(model, $"layer{stage + 1}", channels[stage], 18, stage == 0 ? 1 : 2, "downsample");
        }

        return model.BatchNorm2d("bn").Relu().GlobalAveragePool2d().Linear("fc", classes);
    }

    /// <summary>
    /// Wide ResNet of depth 6·4 + 4 and width 10: three stages of four blocks of 160, 320, 640 channels.
    /// </summary>
    internal static ModelBuilder WideResNet28x10(ModelBuilder model, long classes)
    {
        model.Conv2d("conv1", 16, 3, padding: 1, bias: false);
        long[] channels = [160, 320, 640];
        for (var stage = 0; stage < channels.Length; stage++)
        {
            var (width, stride) = (channels[stage], stage == 0 ? 1 : 2);
            model.Block($"block{stage + 1}", block =>
                PreActivationStage(block, "layer", width, 4, stride, "convShortcut")
            );
        }

        return model.BatchNorm2d("bn1").Relu().GlobalAveragePool2d().Linear("fc", classes);
    }

    private static ModelBuilder Vgg(ModelBuilder model, long[] configuration, long classes)
    {
        model.Block("features", features =>
        {
            var index = 0;
            foreach (var channels in configuration)
            {
                if (channels == Pool)
                {
                    features.MaxPool2d(2);
                    index++;
                }
                else
                {
                    features.Conv2d($"{index}", channels, 3, padding: 1).BatchNorm2d($"{index + 1}").Relu();
                    index += 3;
                }
            }
        });

        // 1 and 4 are the activations, 2 and 5 the dropout that is left out.
        return model
            .Flatten()
            .Block("classifier", classifier =>
                classifier.Linear("0", 512).Relu().Linear("3", 512).Relu().Linear("6", classes)
            );
    }

    private static void BasicBlock(ModelBuilder block, long channels, long stride)
    {
        Action<ModelBuilder>? projection =
            stride == 1 && block.Shape[0] == channels
                ? null
                : shortcut =>
                    shortcut.Block("shortcut", layers =>
                        layers.Conv2d("0", channels, 1, stride, bias: false).BatchNorm2d("1")
                    );
        block
            .Residual(
                branch =>
                    branch
                        .Conv2d("conv1", channels, 3, stride, 1, bias: false)
                        .BatchNorm2d("bn1")
                        .Relu()
                        .Conv2d("conv2", channels, 3, padding: 1, bias: false)
                        .BatchNorm2d("bn2"),
                projection
            )
            .Relu();
    }

    private static void PreActivationStage(
        ModelBuilder model,
        string name,
        long channels,
        int blocks,
        long stride,
        string projection
    ) => model.Block(name, layer =>
        {
            for (var index = 0; index < blocks; index++)
            {
                var step = index == 0 ? stride : 1;
                layer.Block($"{index}", block => PreActivationBlock(block, channels, step, projection));
            }
        });

    /// <summary>
    /// Where the shape changes, the projection too takes what the first batch norm and ReLU leave, as in the paper;
    /// elsewhere the shortcut is the identity.
    /// </summary>
    private static void PreActivationBlock(ModelBuilder block, long channels, long stride, string projection)
    {
        if (stride == 1 && block.Shape[0] == channels)
        {
            block.Residual(branch => Convolutions(branch.BatchNorm2d("bn1").Relu(), channels, stride));
        }
        else
        {
            block
                .BatchNorm2d("bn1")
                .Relu()
                .Residual(
                    branch => Convolutions(branch, channels, stride),
                    shortcut => shortcut.Conv2d(projection, channels, 1, stride, bias: false)
                );
        }
    }

    private static void Convolutions(ModelBuilder branch, long channels, long stride) =>
        branch
            .Conv2d("conv1", channels, 3, stride, 1, bias: false)
            .BatchNorm2d("bn2")
            .Relu()
            .Conv2d("conv2", channels, 3, padding: 1, bias: false);
}
