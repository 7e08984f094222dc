using System.Globalization;
using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Training.Arguments;

namespace CurvatureMonitor.Training.Models;

/// <summary>
/// Writes a feed-forward model as TorchScript, layer by layer, and follows the shape of one sample through it. Layers
/// and parameters have PyTorch's names, initial values and order. <see cref="Block"/> puts layers in a named submodule
/// and <see cref="Residual"/> adds two paths, so that deeper families (VGG, ResNet) are written with the same calls.
/// </summary>
/// <remarks>
/// Every value in the source gets a name of its own (x1, x2, …): a path may branch without copying anything.
/// </remarks>
public sealed class ModelBuilder
{
    private readonly string _name;
    private readonly long[] _inputShape;
    private readonly List<string> _lines = [];
    private readonly ModelTensors _tensors = new();
    private string _prefix = string.Empty;
    private string _value = "x";
    private long[] _shape;

    /// <summary>Starts a model.</summary>
    /// <param name="name">Name of the model.</param>
    /// <param name="inputShape">Shape of one sample, without the batch: [features] or [C, H, W].</param>
    /// <exception cref="ArgumentException">The shape is empty or has a size below 1.</exception>
    public ModelBuilder(string name, IReadOnlyList<long> inputShape)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(inputShape);
        if (inputShape.Count == 0 || inputShape.Any(size => size < 1))
        {
            throw new ArgumentException(
                "the shape of a sample needs one size or more, each at least 1",
                nameof(inputShape)
            );
        }

        _name = name;
        _inputShape = [.. inputShape];
        _shape = [.. inputShape];
    }

    /// <summary>Shape of one sample after the layers so far, without the batch.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>
    /// <c>torch.nn.Conv2d(C, channels, kernel, stride, padding, bias)</c>: [C, H, W] → [channels, H', W'], H' = ⌊(H +
    /// 2·padding − kernel)/stride⌋ + 1.
    /// </summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="kernel">Height and width of the kernel.</param>
    /// <param name="stride">Step of the kernel.</param>
    /// <param name="padding">Zeros added on each side.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="TrainingConfigurationException">The layer does not fit on what comes before it.</exception>
    public ModelBuilder Conv2d(
        string name,
        long channels,
        long kernel,
        long stride = 1,
        long padding = 0,
        bool bias = true
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        var layer = _tensors.Layer(_prefix, name);
        Image(layer);
        var fanIn = _shape[0] * kernel * kernel;
        var weight = _tensors.Parameter(
            layer,
            "weight",
            [channels, _shape[0], kernel, kernel],
            TensorInitializer.FanIn(fanIn)
        );
        var added = bias ? _tensors.Parameter(layer, "bias", [channels], TensorInitializer.FanIn(fanIn)) : "None";
        Assign(
            $"torch.conv2d({_value}, {weight}, {added}, [{stride}, {stride}], [{padding}, {padding}], [1, 1], 1)",
            [channels, Window(layer, 1, kernel, stride, padding), Window(layer, 2, kernel, stride, padding)]
        );
        return this;
    }

    /// <summary><c>torch.nn.Linear(features, outputs, bias)</c>: [features] → [outputs].</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="outputs">Output features.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="TrainingConfigurationException">What comes before is not flat.</exception>
    public ModelBuilder Linear(string name, long outputs, bool bias = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        var layer = _tensors.Layer(_prefix, name);
        if (_shape.Length != 1)
        {
            throw Misfit(layer, "needs flat features: put Flatten before it");
        }

        var weight = _tensors.Parameter(layer, "weight", [outputs, _shape[0]], TensorInitializer.FanIn(_shape[0]));
        var added = bias ? _tensors.Parameter(layer, "bias", [outputs], TensorInitializer.FanIn(_shape[0])) : "None";
        Assign($"torch.linear({_value}, {weight}, {added})", [outputs]);
        return this;
    }

    /// <summary>
    /// <c>torch.nn.BatchNorm2d(C, eps, momentum)</c>: [C, H, W] → the same shape. Written in evaluation mode; the
    /// engine sets the mode when it runs.
    /// </summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="momentum">Weight of a new batch in the running statistics.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="TrainingConfigurationException">What comes before is not an image.</exception>
    public ModelBuilder BatchNorm2d(string name, double epsilon = 1e-5, double momentum = 0.1)
    {
        var layer = _tensors.Layer(_prefix, name);
        Image(layer);
        var weight = _tensors.Parameter(layer, "weight", [_shape[0]], TensorInitializer.Constant(1));
        var bias = _tensors.Parameter(layer, "bias", [_shape[0]], TensorInitializer.Constant(0));
        var mean = _tensors.Buffer(layer, "running_mean", [_shape[0]], TensorInitializer.Constant(0));
        var variance = _tensors.Buffer(layer, "running_var", [_shape[0]], TensorInitializer.Constant(1));
        Assign(
            $"torch.batch_norm({_value}, {weight}, {bias}, {mean}, {variance}, False, {Text(momentum)}, "
                + $"{Text(epsilon)}, False)",
            _shape
        );
        return this;
    }

    /// <summary>max(x, 0), entry by entry.</summary>
    /// <returns>This builder.</returns>
    public ModelBuilder Relu() => Activate(Activation.Relu);

    /// <summary>tanh(x), entry by entry.</summary>
    /// <returns>This builder.</returns>
    public ModelBuilder Tanh() => Activate(Activation.Tanh);

    /// <summary>A nonlinearity, entry by entry.</summary>
    /// <param name="activation">Which.</param>
    /// <returns>This builder.</returns>
    public ModelBuilder Activate(Activation activation)
    {
        var function = activation switch
        {
            Activation.Relu => "relu",
            Activation.Tanh => "tanh",
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "there is no such activation"),
        };
        Assign($"torch.{function}({_value})", _shape);
        return this;
    }

    /// <summary>
    /// <c>torch.nn.MaxPool2d(kernel, stride)</c>: [C, H, W] → [C, H', W'], H' = ⌊(H − kernel)/stride⌋ + 1.
    /// </summary>
    /// <param name="kernel">Height and width of the window.</param>
    /// <param name="stride">Step of the window; the window's size where absent.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="TrainingConfigurationException">The window does not fit on what comes before it.</exception>
    public ModelBuilder MaxPool2d(long kernel, long? stride = null)
    {
        var step = stride ?? kernel;
        Image("max pool");
        Assign(
            $"torch.max_pool2d({_value}, [{kernel}, {kernel}], [{step}, {step}], [0, 0], [1, 1], False)",
            [_shape[0], Window("max pool", 1, kernel, step, 0), Window("max pool", 2, kernel, step, 0)]
        );
        return this;
    }

    /// <summary>
    /// The mean over height and width, what <c>torch.nn.AdaptiveAvgPool2d(1)</c> and <c>Flatten()</c> give: [C, H, W] →
    /// [C].
    /// </summary>
    /// <returns>This builder.</returns>
    /// <exception cref="TrainingConfigurationException">What comes before is not an image.</exception>
    public ModelBuilder GlobalAveragePool2d()
    {
        Image("average pool");
        Assign($"torch.mean({_value}, [2, 3])", [_shape[0]]);
        return this;
    }

    /// <summary><c>torch.nn.Flatten()</c>: one feature an entry of the sample.</summary>
    /// <returns>This builder.</returns>
    public ModelBuilder Flatten()
    {
        Assign($"torch.flatten({_value}, 1, -1)", [_shape.Aggregate(1L, (product, size) => product * size)]);
        return this;
    }

    /// <summary>Layers in a submodule: their parameters are named <c>name.layer.weight</c>.</summary>
    /// <param name="name">Name of the submodule.</param>
    /// <param name="body">Adds the layers.</param>
    /// <returns>This builder.</returns>
    public ModelBuilder Block(string name, Action<ModelBuilder> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var outer = _prefix;
        _prefix = $"{outer}{ModelTensors.Identifier(name)}.";
        body(this);
        _prefix = outer;
        return this;
    }

    /// <summary>The sum of two paths from here: y = branch(x) + shortcut(x).</summary>
    /// <param name="branch">Adds the layers of the main path.</param>
    /// <param name="shortcut">Adds the layers of the other path; the identity where absent.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="TrainingConfigurationException">The two paths end in different shapes.</exception>
    public ModelBuilder Residual(Action<ModelBuilder> branch, Action<ModelBuilder>? shortcut = null)
    {
        ArgumentNullException.ThrowIfNull(branch);
        var (startValue, startShape) = (_value, _shape);
        branch(this);
        var (branchValue, branchShape) = (_value, _shape);
        (_value, _shape) = (startValue, startShape);
        shortcut?.Invoke(this);
        if (!branchShape.AsSpan().SequenceEqual(_shape))
        {
            throw Misfit(
                "residual sum",
                $"adds it to [{string.Join(", ", branchShape)}]: give the shortcut layers that end in the same shape"
            );
        }

        Assign($"{branchValue} + {_value}", _shape);
        return this;
    }

    /// <summary>The model as written so far.</summary>
    /// <returns>The definition.</returns>
    public ModelDefinition Build()
    {
        var source = string.Join(
            '\n',
            ["def forward(self, x: Tensor) -> Tensor:", .. _lines, $"    return {_value}", string.Empty]
        );
        return new ModelDefinition(
            _name,
            _inputShape,
            _shape,
            new ScriptModelSource(
                _name,
                source,
                [.. _tensors.Parameters.Select(p => p.Spec)],
                [.. _tensors.Buffers.Select(b => b.Spec)]
            ),
            [.. _tensors.Parameters],
            [.. _tensors.Buffers]
        );
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();

    private void Assign(string expression, long[] shape)
    {
        _value = $"x{_lines.Count + 1}";
        _shape = shape;
        _lines.Add($"    {_value} = {expression}");
    }

    private void Image(string layer)
    {
        if (_shape.Length != 3)
        {
            throw Misfit(layer, "needs an image [C, H, W]");
        }
    }

    private long Window(string layer, int dimension, long kernel, long stride, long padding)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(kernel, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        var room = _shape[dimension] + (2 * padding) - kernel;
        return room >= 0
            ? (room / stride) + 1
            : throw Misfit(layer, $"has a window of {kernel} that is larger than the image: give a larger input");
    }

    private TrainingConfigurationException Misfit(string layer, string problem) =>
        new($"model {_name}: {layer} on a sample of shape [{string.Join(", ", _shape)}] {problem}");
}
