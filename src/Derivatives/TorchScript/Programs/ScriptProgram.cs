using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Passes;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Programs;

/// <summary>A TorchScript module that the interpreter runs.</summary>
internal sealed class ScriptProgram : IForwardPass
{
    private readonly SharedTensors _shared = new();
    private readonly ModuleTree _tree;
    private readonly Function _forward;
    private readonly ScriptLimits _limits;
    private volatile bool _copiesForeign;

    /// <summary>Compiles the program of an archive, whose tensors must outlive it.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="limits">Where a pass is stopped.</param>
    /// <exception cref="DerivativeException">The source is none, or there is no such forward.</exception>
    internal ScriptProgram(ScriptArchive archive, ScriptLimits? limits = null)
        : this(
            archive.Root,
            Parsed(archive.Code),
            archive.Constants,
            limits
        )
    { }

    internal ScriptProgram(
        ScriptObject root,
        IReadOnlyDictionary<string, IReadOnlyList<Statement>> modules,
        IReadOnlyList<object?> constants,
        ScriptLimits? limits = null
    )
    {
        LibTorch.Prepare();
        _limits = limits ?? new ScriptLimits();
        var library = new Library(modules, [.. constants.Select(Constant)]);
        _tree = new ModuleTree(root, library);
        HasBatchNorm = library.HasBatchNorm;
        AvoidsFusedKernels = library.HasRecurrentLayer;
        UnknownOperations = library.UnknownOperations;
        MayBranch = library.Branches;
        _forward = _tree.Root.Layout.Methods.GetValueOrDefault("forward") ?? throw Invalid("has no forward method");
    }

    /// <inheritdoc/>
    public IReadOnlyList<TensorSlot> Parameters => _tree.Parameters.Slots;

    /// <inheritdoc/>
    public IReadOnlyList<TensorSlot> Buffers => _tree.Buffers.Slots;

    /// <inheritdoc/>
    public IReadOnlyList<DiscreteSlot> Discretes => _tree.Discretes.Slots;

    /// <inheritdoc/>
    public bool HasBatchNorm { get; }

    /// <inheritdoc/>
    public bool AvoidsFusedKernels { get; }

    /// <inheritdoc/>
    public bool UsesBatch { get; private set; }

    /// <inheritdoc/>
    public bool MayBranch { get; }

    /// <inheritdoc/>
    public NarrowTypes Narrow { get; private set; }

    /// <inheritdoc/>
    public bool OpensAutocast { get; private set; }

    /// <summary>The names of the tensors that forward takes.</summary>
    internal IReadOnlyList<string> InputNames => _forward.InputNames;

    /// <summary>Batch-norm layers that stay with their running statistics in every mode.</summary>
    internal IReadOnlyList<string> FrozenLayers => _tree.FrozenLayers;

    /// <summary>
    /// Whether a pass found a dropout that the program says is on, or a batch norm that it says uses the batch: then
    /// libtorch's own interpreter computes something else.
    /// </summary>
    internal bool WasRewritten { get; private set; }

    /// <summary>
    /// The operations that libtorch does not have, anywhere in the program: libtorch's loader ends the process on them.
    /// </summary>
    internal IReadOnlyCollection<string> UnknownOperations { get; }

    /// <summary>The parameters' values in the archive.</summary>
    internal IReadOnlyList<Tensor> ParameterValues => _tree.Parameters.Tensors;

    /// <summary>The floating-point buffers' values in the archive.</summary>
    internal IReadOnlyList<Tensor> BufferValues => _tree.Buffers.Tensors;

    /// <summary>The values in the archive of buffers of whole numbers or truth values.</summary>
    internal IReadOnlyList<Tensor> DiscreteValues => _tree.Discretes.Tensors;

    /// <inheritdoc/>
    public void CheckInputs(int count)
    {
        int most = _forward.ParameterCount - 1;
        int fewest = _forward.RequiredCount - 1;
        if (count < fewest || count > most)
        {
            string taken = most == fewest ? $"{most}" : $"{fewest} to {most}";
            throw Invalid($"forward takes {taken} inputs ({string.Join(", ", InputNames)}), not {count}");
        }
    }

    /// <inheritdoc/>
    public Tensor Run(
        IReadOnlyList<Tensor> parameters,
        IReadOnlyList<Tensor> buffers,
        IReadOnlyList<Tensor> inputs,
        BatchNormUse batchNorm
    ) => Run(parameters, buffers, inputs, batchNorm, _limits.Deadline);

    /// <summary>The same, stopped when the deadline is cancelled.</summary>
    internal Tensor Run(
        IReadOnlyList<Tensor> parameters,
        IReadOnlyList<Tensor> buffers,
        IReadOnlyList<Tensor> inputs,
        BatchNormUse batchNorm,
        CancellationToken deadline
    )
    {
        var limits = _limits with { Deadline = deadline };
        if (_copiesForeign)
        {
            return RunOnce(parameters, buffers, inputs, batchNorm, limits);
        }

        // The first layers may have moved their statistics before the program is found to need copies.
        using var before = batchNorm.UpdatesStatistics ? new SavedTensors(buffers) : null;
        try
        {
            return RunOnce(parameters, buffers, inputs, batchNorm, limits);
        }
        catch (ForeignChangeException)
        {
            // From now on the program works on copies of what it is given.
            _copiesForeign = true;
            before?.Restore();
            return RunOnce(parameters, buffers, inputs, batchNorm, limits);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _shared.Dispose();

    private Tensor RunOnce(
        IReadOnlyList<Tensor> parameters,
        IReadOnlyList<Tensor> buffers,
        IReadOnlyList<Tensor> inputs,
        BatchNormUse batchNorm,
        ScriptLimits limits
    )
    {
        using var scope = NewDisposeScope();
        var run = new RunState(limits, _shared, _tree.CellCount)
        {
            Parameters = parameters,
            Buffers = buffers,
            Type = ElementType(parameters, inputs),
            Device = inputs[0].device,
            BatchNorm = batchNorm,
            CopiesForeign = _copiesForeign,
        };
        object? result;
        try
        {
            result = _forward.Call(run, [_tree.Root, .. inputs.Select(input => Given(run, input))], _forward.Place);
        }
        catch (Exception exception) when (exception is not ForeignChangeException)
        {
            throw LibTorchError.Translate(exception);
        }

        WasRewritten |= run.WasRewritten;
        UsesBatch |= run.UsedBatch;
        Narrow |= run.Narrow;
        OpensAutocast |= run.OpensAutocast;
        if (result is not HeldTensor held)
        {
            throw Invalid($"the model's forward returns {Values.Kind(result)}, not a single tensor");
        }

        // A loss is computed in the pass's own type, whatever the outputs were rounded to.
        var output = held.IsForeign ? held.Tensor.alias() : held.Tensor;
        bool isRounded = output.dtype.ToNarrow() != NarrowTypes.None && run.Type.ToNarrow() == NarrowTypes.None;
        return (isRounded ? output.to(run.Type) : output).MoveToOuterDisposeScope();
    }

    // A model that is of a narrow type altogether takes its inputs in it.
    private HeldTensor Given(RunState run, Tensor input) =>
        input.is_floating_point() && ParameterValues is [var first, ..]
            ? run.Stored(input, first.dtype.ToNarrow() == NarrowTypes.None ? run.Type : first.dtype)
            : run.Foreign(input);

    private static Dictionary<string, IReadOnlyList<Statement>> Parsed(IReadOnlyDictionary<string, string> code)
    {
        bool hasAutocast = code.Values.Any(text => text.Contains("class autocast", StringComparison.Ordinal));
        return code.ToDictionary(
            file => file.Key,
            file => (IReadOnlyList<Statement>)StatementParser.Read(file.Key, file.Value, hasAutocast)
        );
    }

    private static ScalarType ElementType(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> inputs) =>
        parameters.Concat(inputs).FirstOrDefault(tensor => tensor.is_floating_point())?.dtype ?? ScalarType.Float32;

    private static Cell Constant(object? value) =>
        value switch
        {
            Tensor tensor => new TensorCell(tensor),
            List<object?> list => new ListCell([.. list.Select(Constant)]),
            object?[] tuple => new TupleCell([.. tuple.Select(Constant)]),
            _ => new ValueCell(value),
        };

    private static DerivativeException Invalid(string problem) =>
        new(DerivativeErrorKind.InvalidArgument, $"the TorchScript module: {problem}");
}
