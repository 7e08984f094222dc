using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Passes;
using TorchSharp;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Programs;

/// <summary>The interpreter's outputs against those of libtorch's own, in evaluation mode.</summary>
internal static class CrossCheck
{
    // Rounding of float32 through the depth of a model; wrong programs differ by far more.
    private const double Tolerance = 1e-3;

    private static readonly BatchNormUse AsSaved = BatchNormUse.Stored with { KeepsNarrow = true };

    /// <summary>
    /// Runs both on the same inputs, casts to narrow types included; where they differ in the file's element type,
    /// again in float64, since libtorch's kernels for float32 are wrong on some processors.
    /// </summary>
    /// <param name="program">The interpreter's program.</param>
    /// <param name="path">The file that it was read from.</param>
    /// <param name="inputs">x, in the file's element type.</param>
    /// <param name="discretes">The buffers of whole numbers or truth values where they are not the file's, on the host;
    /// what fails with these in both is no difference.</param>
    /// <returns>
    /// A line that says how they differ, or what the interpreter failed of; null where they agree, or cannot be
    /// compared since the file has a dropout on or libtorch cannot run it.
    /// </returns>
    /// <exception cref="DerivativeException">The program is refused, whoever would run it.</exception>
    internal static string? Differ(
        ScriptProgram program,
        string path,
        IReadOnlyList<Tensor> inputs,
        IReadOnlyList<Tensor>? discretes = null
    )
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        string? problem = Differ(program, path, inputs, discretes, null);
        return problem is null || Differ(program, path, inputs, discretes, ScalarType.Float64) is null ? null : problem;
    }

    private static string? Differ(
        ScriptProgram program,
        string path,
        IReadOnlyList<Tensor> inputs,
        IReadOnlyList<Tensor>? discretes,
        ScalarType? type
    )
    {
        Tensor In(Tensor tensor) => type is { } other && tensor.is_floating_point() ? tensor.to(other) : tensor;
        Tensor[] x = [.. inputs.Select(In)];
        Tensor? found = null;
        string? failure = null;
        try
        {
            found = program.Run(
                [.. program.ParameterValues.Select(In)],
                [.. program.BufferValues.Select(In), .. discretes ?? program.DiscreteValues],
                x,
                AsSaved
            );
        }
        catch (DerivativeException exception)
            when (exception is { IsFinal: false, Kind: not DerivativeErrorKind.OutOfMemory })
        {
            failure = exception.Message;
            if (discretes is null)
            {
                return failure;
            }
        }

        // libtorch's loader ends the process on an operation that it does not have.
        if (program.WasRewritten || program.UnknownOperations.Count > 0)
        {
            return failure;
        }

        try
        {
            using var plain = FusedKernels.Suspend();
            using var module = Contained.Run(() => jit.load(path), $"{path}: libtorch cannot compile its code");
            module.eval();
            if (type is { } other)
            {
                module.to(other);
            }

            var buffers = module.named_buffers().ToDictionary(named => named.name, named => named.buffer);
            foreach (var (slot, values) in program.Discretes.Zip(discretes ?? []))
            {
                buffers[slot.Name].copy_(values);
            }

            // Scripted code asks whether gradients are recorded, and the interpreter says so always.
            using var recording = enable_grad();
            var expected = ((Tensor)module.forward([.. x.Select(input => input.clone())])).detach();
            double tolerance = Math.Max(Tolerance, program.Narrow.Tolerated());
            return found is null ? failure : Differ(found, expected, tolerance);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // libtorch cannot load or run it: there is nothing to compare with.
            return null;
        }
    }

    private static string? Differ(Tensor found, Tensor expected, double tolerance)
    {
        if (!found.shape.SequenceEqual(expected.shape))
        {
            return $"the outputs have the shape [{string.Join(", ", found.shape)}] and from libtorch "
                + $"[{string.Join(", ", expected.shape)}]";
        }

        double scale = Magnitudes.Largest(expected);
        double distance = Magnitudes.Distance(found, expected);
        return distance <= tolerance * Math.Max(scale, 1e-6) || (double.IsNaN(scale) && double.IsNaN(distance))
            ? null
            : $"the outputs differ from libtorch's by {distance:g3}, where the largest is {scale:g3}";
    }
}
