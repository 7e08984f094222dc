using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Passes;
using CurvatureMonitor.Derivatives.Programs;
using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Derivatives.TorchScript.Archives;
using CurvatureMonitor.Derivatives.TorchScript.Programs;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives;

/// <summary>
/// A TorchScript module, loaded from a file or defined from source. It is run by an interpreter of our own; libtorch's
/// is the cross-check of a file's first outputs, and the fall-back.
/// </summary>
public sealed partial class ScriptModel : Model
{
    private readonly ScriptArchive? _archive;
    private readonly ScriptModelSource? _source;
    private readonly string? _path;
    private readonly IReadOnlyList<bool>? _isTrained;
    private readonly AutocastMode? _autocast;
    private readonly Lock _gate = new();
    private IForwardPass _used;
    private readonly DiscreteStates _verified = new();

    private ScriptModel(
        Origin origin,
        IForwardPass pass,
        (Tensor[] Parameters, Tensor[] Buffers) values,
        ElementType type,
        Device device
    )
        : base(
            origin.IsTrained is { } chosen ? new SelectedPass(pass, chosen) : pass,
            values.Parameters,
            values.Buffers,
            type,
            device
        )
    {
        _isTrained = origin.IsTrained;
        (_archive, _source, _path) = (origin.Archive, origin.Source, origin.Path);
        _autocast = origin.Autocast;
        _used = pass;
    }

    /// <summary>The tensors that are parameters of the file's model and constants here.</summary>
    public IReadOnlyList<TensorSlot> Frozen =>
        _isTrained is null ? [] : [.. Buffers.TakeLast(_isTrained.Count(isTrained => !isTrained))];

    /// <summary>The names of the tensors that forward takes; empty where they are not known.</summary>
    public IReadOnlyList<string> InputNames => (_used as ScriptProgram)?.InputNames ?? [];

    /// <summary>Batch-norm layers that stay with their running statistics in every mode.</summary>
    public IReadOnlyList<string> FrozenLayers => (_used as ScriptProgram)?.FrozenLayers ?? [];

    /// <inheritdoc/>
    public override string? FallBackReason => (_used as LibtorchPass)?.Reason;

    /// <summary>
    /// Loads a module that <c>torch.jit.save</c> or <see cref="Save"/> wrote; floating-point tensors are converted.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="type">The element type to compute in.</param>
    /// <param name="device">The device to compute on.</param>
    /// <param name="trained">The names of the parameters that θ has, the others being constants; null for all.</param>
    /// <param name="autocast">What is done with casts to types of less precision; null where it is not known whether
    /// the program has any, which are then done without.</param>
    /// <exception cref="DerivativeException">The file is missing or no TorchScript module, or has no such
    /// parameter.</exception>
    public static ScriptModel Load(
        string path,
        ElementType type,
        Device device,
        IReadOnlyCollection<string>? trained = null,
        AutocastMode? autocast = null
    )
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(device);
        AvailableDevice.Check(device);
        if (!File.Exists(path))
        {
            throw Arguments.Invalid($"{path}: no such file");
        }

        LibTorch.Prepare();
        var archive = ScriptArchiveReader.Read(path);
        try
        {
            var program = new ScriptProgram(archive);
            return Of(
                archive,
                program,
                new InitialTensors(program.ParameterValues, program.BufferValues, program.DiscreteValues)
            );
        }
        catch (DerivativeException unknown) when (unknown.Kind == DerivativeErrorKind.UnsupportedOperation)
        {
            using (archive)
            {
                var pass = FallBack(path, unknown.Message, archive);
                return Of(null, pass, pass.InitialValues());
            }
        }
        catch
        {
            archive.Dispose();
            throw;
        }

        ScriptModel Of(ScriptArchive? source, IForwardPass pass, InitialTensors initial)
        {
            var isTrained = TrainedParameters.Among(pass.Parameters, trained);
            var values = TrainedParameters.Arranged(initial.Parameters, initial.Buffers, isTrained);
            var converted = Converted(values.Parameters, [.. values.Buffers, .. initial.Discretes], type, device);
            return new ScriptModel(new Origin(source, null, path, isTrained, autocast), pass, converted, type, device);
        }
    }

    /// <summary>Makes a module of TorchScript text; its tensors are zeros until they are set.</summary>
    /// <param name="source">The text and its tensors.</param>
    /// <param name="type">The element type to compute in.</param>
    /// <param name="device">The device to compute on.</param>
    /// <exception cref="DerivativeException">The text is no TorchScript.</exception>
    public static ScriptModel Define(ScriptModelSource source, ElementType type, Device device)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(device);
        AvailableDevice.Check(device);
        var program = DefinedModule.Define(source);
        if (program.UnknownOperations.Count > 0)
        {
            throw Arguments.Invalid(
                $"model {source.Name}: there is no operation {string.Join(", ", program.UnknownOperations.Order())}"
            );
        }

        var values = Converted(program.ParameterValues, program.BufferValues, type, device);
        return new ScriptModel(new Origin(null, source, null, null, null), program, values, type, device);
    }

    /// <summary>Writes the module as a TorchScript file that <c>torch.jit.load</c> opens.</summary>
    /// <exception cref="DerivativeException">The file cannot be written, or libtorch's interpreter runs the
    /// model.</exception>
    public void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var scope = NewDisposeScope();
        try
        {
            if (_source is not null)
            {
                using var archive = ScriptModelArchive.Build(
                    _source,
                    [.. ParameterValues.Select(OnHost)],
                    [.. BufferValues.Take(Buffers.Count).Select(OnHost)]
                );
                ScriptArchiveWriter.Write(archive, path);
            }
            else if (_archive is not null && _isTrained is null && Pass is ScriptProgram program)
            {
                CopyInto(program.ParameterValues, ParameterValues);
                CopyInto(program.BufferValues, BufferValues);
                ScriptArchiveWriter.Write(_archive, path);
            }
            else
            {
                throw Arguments.Invalid($"{path}: a model that libtorch's interpreter runs cannot be saved");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Arguments.Invalid($"{path}: cannot be written ({exception.Message})");
        }
    }

    internal override IForwardPass CreatePass(bool keepsNarrow = false)
    {
        var shared = new SharedPass(() => _used, keepsNarrow);
        return _isTrained is null ? shared : new SelectedPass(shared, _isTrained);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!ReferenceEquals(_used, Pass))
        {
            _used.Dispose();
        }

        _archive?.Dispose();
        base.Dispose(disposing);
    }

    private static Tensor OnHost(Tensor tensor) => tensor.detach().to(CPU).contiguous();

    private static void CopyInto(IReadOnlyList<Tensor> targets, IReadOnlyList<Tensor> values) =>
        Calls.Do(() =>
        {
            for (int i = 0; i < targets.Count; i++)
            {
                targets[i].detach().copy_(values[i]);
            }
        });

    // A tied tensor is converted once, since the layout knows its places; counters stay integers.
    private static (Tensor[] Parameters, Tensor[] Buffers) Converted(
        IReadOnlyList<Tensor> parameters,
        IReadOnlyList<Tensor> buffers,
        ElementType type,
        Device device
    )
    {
        return (All(parameters), All(buffers));

        Tensor[] All(IReadOnlyList<Tensor> tensors) =>
            [
                .. tensors.Select(tensor =>
                    Calls.Make(() => tensor.detach().to(TypeOf(tensor), device.ToTorch(), copy: true).contiguous())
                ),
            ];

        ScalarType TypeOf(Tensor tensor) => tensor.is_floating_point() ? type.ToTorch() : tensor.dtype;
    }

    private readonly record struct Origin(
        ScriptArchive? Archive,
        ScriptModelSource? Source,
        string? Path,
        IReadOnlyList<bool>? IsTrained,
        AutocastMode? Autocast
    );
}
