using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Derivatives.TorchScript.Archives;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Programs;

/// <summary>Makes an archive, which can be run or saved, of a model's text and tensors.</summary>
internal static class ScriptModelArchive
{
    /// <summary>The archive of a model in evaluation mode.</summary>
    /// <param name="source">The model's text.</param>
    /// <param name="parameters">One tensor a parameter, of its shape; the same tensor twice is tied.</param>
    /// <param name="buffers">One tensor a buffer, of its shape.</param>
    /// <returns>The archive, on the same memory as the tensors; the caller disposes it.</returns>
    /// <exception cref="DerivativeException">A tensor is missing, or does not have its shape.</exception>
    internal static ScriptArchive Build(
        ScriptModelSource source,
        IReadOnlyList<Tensor> parameters,
        IReadOnlyList<Tensor> buffers
    ) =>
        ScriptArchiveBuilder.Build(
            source.Name,
            source.Source,
            Named(source, source.Parameters, parameters, "parameter"),
            Named(source, source.Buffers, buffers, "buffer")
        );

    private static IEnumerable<(string Name, Tensor Tensor)> Named(
        ScriptModelSource source,
        IReadOnlyList<TensorSpec> specs,
        IReadOnlyList<Tensor> tensors,
        string kind
    )
    {
        if (specs.Count != tensors.Count)
        {
            throw Misfit(source, $"has {specs.Count} {kind}s, not {tensors.Count}");
        }

        for (int i = 0; i < specs.Count; i++)
        {
            if (!specs[i].Shape.SequenceEqual(tensors[i].shape))
            {
                throw Misfit(
                    source,
                    $"{kind} {specs[i].Name} has shape [{string.Join(", ", specs[i].Shape)}], "
                        + $"not [{string.Join(", ", tensors[i].shape)}]"
                );
            }
        }

        return specs.Zip(tensors, (spec, tensor) => (spec.Name, tensor));
    }

    private static DerivativeException Misfit(ScriptModelSource source, string problem) =>
        new(DerivativeErrorKind.InvalidArgument, $"model {source.Name}: {problem}");
}
