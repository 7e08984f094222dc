using CurvatureMonitor.Training.Arguments;

namespace CurvatureMonitor.Training.Models;

/// <summary>
/// The models that train without a file of one's own. All take <c>input</c> (shape of one sample, default 1,28,28, for
/// the deep networks 3,32,32) and <c>classes</c> (default 10) beside their own arguments.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term>softmax</term><description>multinomial logistic regression, 7,850 parameters; its Hessian equals its
/// Gauss-Newton matrix</description></item>
/// <item><term>mlp</term><description><c>hidden</c> (default 256,256), <c>activation</c> (relu, tanh): fully connected,
/// 269,322 parameters</description></item>
/// <item><term>lenet</term><description>Caffe's LeNet (LeCun et al. 1998 with 20-50-500 units, one ReLU, after fc1),
/// 431,080 parameters</description></item>
/// <item><term>cnn-bn</term><description><c>channels</c> (default 16,32): blocks of 3×3 convolution, batch norm, ReLU,
/// 2×2 max pool; 20,586 parameters</description></item>
/// <item><term>vgg11-bn, vgg16-bn</term><description>VGG with batch norm (Simonyan and Zisserman 2015) and a 512-512
/// classifier, 9,756,426 and 15,253,578 parameters</description></item>
/// <item><term>resnet18</term><description>ResNet-18 (He et al. 2016) with a 3×3 stem for small images, 11,173,962
/// parameters</description></item>
/// <item><term>preresnet110</term><description>pre-activation ResNet of 54 basic blocks (He et al. 2016, "Identity
/// mappings"), 1,730,522 parameters</description></item>
/// <item><term>wideresnet28-10</term><description>wide ResNet (Zagoruyko and Komodakis 2016), 36,479,194
/// parameters</description></item>
/// </list>
/// </remarks>
public static class BuiltInModels
{
    private static readonly long[] MnistShape = [1, 28, 28];
    private static readonly long[] SmallImageShape = [3, 32, 32];
    private static readonly Dictionary<string, Activation> Activations = new()
    {
        ["relu"] = Activation.Relu,
        ["tanh"] = Activation.Tanh,
    };

    /// <summary>Names that <see cref="Create(string, IReadOnlyDictionary{string, string})"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } =
    ["softmax", "mlp", "lenet", "cnn-bn", "vgg11-bn", "vgg16-bn", "resnet18", "preresnet110", "wideresnet28-10"];

    /// <summary>Writes the model of a text such as <c>mlp:hidden=128,64;activation=tanh</c>.</summary>
    /// <param name="text">Name and arguments, as <see cref="NamedArguments.Parse"/> reads them.</param>
    /// <returns>The model.</returns>
    /// <exception cref="TrainingConfigurationException">There is no such model, or an argument is wrong.</exception>
    public static ModelDefinition Create(string text)
    {
        var (name, arguments) = NamedArguments.Parse(text, "model");
        return Create(name, arguments);
    }

    /// <summary>Writes a built-in model.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="arguments">Its arguments; see the remarks of this class.</param>
    /// <returns>The model.</returns>
    /// <exception cref="TrainingConfigurationException">There is no such model, or an argument is wrong.</exception>
    public static ModelDefinition Create(string name, IReadOnlyDictionary<string, string> arguments)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(arguments);
        var key = name.Trim().ToLowerInvariant();
        var reader = new ArgumentReader($"model {key}", arguments);
        Architecture architecture = key switch
        {
            "softmax" => new(Softmax, MnistShape),
            "mlp" => new(
                Mlp(reader.Sizes("hidden", [256, 256]), reader.Choice("activation", Activation.Relu, Activations)),
                MnistShape
            ),
            "lenet" => new(LeNet, MnistShape),
            "cnn-bn" => new(CnnBn(reader.Sizes("channels", [16, 32])), MnistShape),
            "vgg11-bn" => new(DeepNetworks.Vgg11, SmallImageShape),
            "vgg16-bn" => new(DeepNetworks.Vgg16, SmallImageShape),
            "resnet18" => new(DeepNetworks.ResNet18, SmallImageShape),
            "preresnet110" => new(DeepNetworks.PreResNet110, SmallImageShape),
            "wideresnet28-10" => new(DeepNetworks.WideResNet28x10, SmallImageShape),
            _ => throw new TrainingConfigurationException(
                $"there is no built-in model '{name}': choose one of {string.Join(", ", Names)}"
            ),
        };
        var input = reader.Sizes("input", architecture.DefaultInput);
        var classes = reader.Size("classes", 10);
        reader.Finish();
        return architecture.AddLayers(new ModelBuilder(key, input), classes).Build();
    }

    private static ModelBuilder Softmax(ModelBuilder model, long classes) => model.Flatten().Linear("fc", classes);

    private static Func<ModelBuilder, long, ModelBuilder> Mlp(IReadOnlyList<long> hidden, Activation activation) =>
        (model, classes) =>
        {
            model.Flatten();
            for (var layer = 0; layer < hidden.Count; layer++)
            {
                model.Linear($"fc{layer + 1}", hidden[layer]).Activate(activation);
            }

            return model.Linear($"fc{hidden.Count + 1}", classes);
        };

    private static ModelBuilder LeNet(ModelBuilder model, long classes) =>
        model
            .Conv2d("conv1", 20, 5)
            .MaxPool2d(2)
            .Conv2d("conv2", 50, 5)
            .MaxPool2d(2)
            .Flatten()
            .Linear("fc1", 500)
            .Relu()
            .Linear("fc2", classes);

    private static Func<ModelBuilder, long, ModelBuilder> CnnBn(IReadOnlyList<long> channels) =>
        (model, classes) =>
        {
            for (var block = 0; block < channels.Count; block++)
            {
                model
                    .Conv2d($"conv{block + 1}", channels[block], 3, padding: 1)
                    .BatchNorm2d($"bn{block + 1}")
                    .Relu()
                    .MaxPool2d(2);
            }

            return model.Flatten().Linear("fc", classes);
        };

    /// <summary>Adds the layers for a number of classes; the shape of a sample where none is given.</summary>
    private sealed record Architecture(Func<ModelBuilder, long, ModelBuilder> AddLayers, long[] DefaultInput);
}
