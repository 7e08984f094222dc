using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Passes;
using CurvatureMonitor.Derivatives.TorchScript.Operations;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Execution;

/// <summary>What one forward pass knows and changes; nothing of it outlives the pass.</summary>
internal sealed class RunState(ScriptLimits limits, SharedTensors shared, int attributes)
{
    private readonly object?[] _attributes = new object?[attributes];
    private long _steps;
    private long _bytes;

    /// <summary>One tensor a parameter.</summary>
    internal required IReadOnlyList<Tensor> Parameters { get; init; }

    /// <summary>One tensor a floating-point buffer, then those of whole numbers or truth values, or none of these.
    /// </summary>
    internal required IReadOnlyList<Tensor> Buffers { get; init; }

    /// <summary>The element type that the model runs in.</summary>
    internal required ScalarType Type { get; init; }

    /// <summary>Where it runs.</summary>
    internal required Device Device { get; init; }

    /// <summary>What batch-norm layers do.</summary>
    internal required BatchNormUse BatchNorm { get; init; }

    /// <summary>Whether tensors of the caller are copied when the program first reads them.</summary>
    internal required bool CopiesForeign { get; init; }

    /// <summary>Who looks on; null where nobody does.</summary>
    internal OperationTrace? Trace { get; } = OperationTrace.Current;

    /// <summary>
    /// Whether the program said otherwise than what ran: a dropout that was on, a batch norm in another mode.
    /// </summary>
    internal bool WasRewritten { get; set; }

    /// <summary>Whether a batch norm normalised with the batch though the mode is another.</summary>
    internal bool UsedBatch { get; set; }

    /// <summary>The narrow types that the program casts to, or has tensors of.</summary>
    internal NarrowTypes Narrow { get; private set; }

    /// <summary>Whether the program opened autocast itself, whose casts are then nowhere in it.</summary>
    internal bool OpensAutocast { get; private set; }

    /// <summary>How many functions are within each other.</summary>
    internal int CallDepth { get; set; }

    /// <summary>The most of them.</summary>
    internal int MaxCallDepth => limits.MaxCallDepth;

    /// <summary>Counts one statement or operation.</summary>
    /// <exception cref="DerivativeException">The program took too many, or its time is over.</exception>
    internal void Step(SourcePlace place)
    {
        long steps = ++_steps;
        if (steps > limits.MaxSteps)
        {
            throw Stopped(place, $"the model takes more than {limits.MaxSteps} steps");
        }

        if ((steps & 15) == 0 && limits.Deadline.IsCancellationRequested)
        {
            throw Stopped(place, "the time for the model's forward pass is over");
        }
    }

    /// <summary>Counts what lists and strings grow by.</summary>
    /// <exception cref="DerivativeException">They have grown too large.</exception>
    internal void Grow(long bytes)
    {
        _bytes = bytes < 0 || bytes > limits.MaxBytes ? long.MaxValue / 2 : _bytes + bytes;
        if (_bytes > limits.MaxBytes)
        {
            throw new DerivativeException(
                DerivativeErrorKind.OutOfMemory,
                $"the model's lists and strings take more than {limits.MaxBytes} bytes"
            )
            {
                IsFinal = true,
            };
        }
    }

    /// <summary>An attribute by its number in the program: made from its cell when it is first read.</summary>
    internal object? Read(int number, Cell cell)
    {
        if (cell is ValueCell constant && _attributes[number] is null)
        {
            return constant.Value;
        }

        object? value = _attributes[number] ??= cell.Make(this) ?? Unset.Value;
        return ReferenceEquals(value, Unset.Value) ? null : value;
    }

    /// <summary>Sets an attribute for the rest of the pass.</summary>
    internal void Write(int number, object? value) => _attributes[number] = value ?? Unset.Value;

    /// <summary>Whether a number is that of a floating-point type.</summary>
    internal static bool IsReal(long code) =>
        code
            is (long)ScalarType.Float16
                or (long)ScalarType.Float32
                or (long)ScalarType.Float64
                or (long)ScalarType.BFloat16;

    /// <summary>The type in place of one of floating point that the program says.</summary>
    /// <param name="code">Its number.</param>
    internal ScalarType Chosen(long code)
    {
        var narrow = ((ScalarType)code).ToNarrow();
        Narrow |= narrow;
        return narrow != NarrowTypes.None && BatchNorm.KeepsNarrow ? (ScalarType)code : Type;
    }

    /// <summary>The program opened autocast to a type.</summary>
    internal void OpenedAutocast(long code)
    {
        OpensAutocast = true;
        Narrow |= ((ScalarType)code).ToNarrow();
    }

    /// <summary>A tensor of the program, in the pass's element type and on its device.</summary>
    internal HeldTensor Constant(Tensor tensor) =>
        Foreign(shared.Convert(tensor, IsReal((long)tensor.dtype) ? Chosen((long)tensor.dtype) : Type, Device));

    /// <summary>A parameter or a buffer, which the file has in a type of its own.</summary>
    internal HeldTensor Stored(Tensor tensor, ScalarType stored, bool isFrozen = false, bool keepsCall = false) =>
        Chosen((long)stored) is var type && (type == Type || type == tensor.dtype)
            ? Foreign(tensor, isFrozen, keepsCall)
            : new HeldTensor(tensor.to(type)) { IsFrozen = isFrozen, KeepsCall = keepsCall, Origin = tensor };

    /// <summary>A tensor whose memory is the caller's.</summary>
    internal HeldTensor Foreign(Tensor tensor, bool isFrozen = false, bool keepsCall = false) =>
        CopiesForeign
            ? new HeldTensor(tensor.clone()) { IsFrozen = isFrozen, KeepsCall = keepsCall, Origin = tensor }
            : new HeldTensor(tensor)
            {
                IsForeign = true,
                Origin = tensor,
                IsFrozen = isFrozen,
                KeepsCall = keepsCall,
                IsShared = true,
                SharesForeign = true,
            };

    private static DerivativeException Stopped(SourcePlace place, string problem) =>
        new(DerivativeErrorKind.InvalidArgument, $"{place}: {problem}") { IsFinal = true };
}
