using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Passes;
using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Derivatives.TorchScript.Programs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <content>Who runs the program.</content>
public sealed partial class ScriptModel
{
    /// <summary>
    /// Compares the first outputs of a file's model with those of libtorch's own interpreter, once, and again for the
    /// first few other values of buffers of whole numbers or truth values, which may choose among branches; where they
    /// differ, libtorch's is used from here on.
    /// </summary>
    internal override void Verify(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> buffers)
    {
        lock (_gate)
        {
            if (_used is not ScriptProgram program || _path is null || _archive is null || _verified.IsFull)
            {
                return;
            }

            using var scope = NewDisposeScope();
            Tensor[] discretes = [.. buffers.Skip(Buffers.Count).Select(OnHost)];
            bool isFirst = _verified.IsEmpty;
            if (!_verified.TryAdd(discretes))
            {
                return;
            }

            var stored = program.ParameterValues.Concat(program.BufferValues).FirstOrDefault();
            Tensor[] given =
            [
                .. inputs.Select(input =>
                    stored is not null && input.is_floating_point() ? input.to(stored.dtype, CPU) : input.to(CPU)
                ),
            ];
            if (CrossCheck.Differ(program, _path, given, isFirst ? null : discretes) is { } difference)
            {
                var other = FallBack(_path, difference, _archive);
                if (
                    !Same(other.Parameters, program.Parameters)
                    || !Same(other.Buffers, program.Buffers)
                    || !program.Discretes.Select(slot => slot.Name).SequenceEqual(other.Discretes.Select(s => s.Name))
                )
                {
                    other.Dispose();
                    throw new DerivativeException(DerivativeErrorKind.UnsupportedOperation, $"{_path}: {difference}");
                }

                _used = other;
            }
        }
    }

    private static LibtorchPass FallBack(string path, string reason, ScriptArchive archive)
    {
        var narrow = NarrowCasts.In(archive.Code.Values);
        if (narrow != NarrowTypes.None)
        {
            throw new DerivativeException(
                DerivativeErrorKind.UnsupportedOperation,
                $"the program casts to {narrow.Names()}, and libtorch's own interpreter, which alone runs it, would "
                    + $"round every product to that; export it without ({reason})"
            )
            {
                IsFinal = true,
            };
        }

        return LibtorchPass.FallBack(path, reason, archive);
    }

    private static bool Same(IReadOnlyList<TensorSlot> one, IReadOnlyList<TensorSlot> other) =>
        one.Select(slot => (slot.Name, slot.Offset)).SequenceEqual(other.Select(slot => (slot.Name, slot.Offset)));
}
