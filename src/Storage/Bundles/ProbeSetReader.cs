using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>Reads and checks the file of a probe set.</summary>
internal static class ProbeSetReader
{
    /// <summary>Reads and checks <c>probe.safetensors</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="loss">The loss that the targets must suit: whole numbers [N] or [N, T] for cross-entropy,
    /// floating-point [N, K] for mse, others as docs/bundles.md tells.</param>
    /// <param name="names">The names of the inputs, in their order; null for the one that has none.</param>
    /// <exception cref="BundleException">The file is malformed, a tensor is missing, mis-shaped, of the wrong type or
    /// not finite.</exception>
    public static ProbeSet Read(string path, LossDescription loss, IReadOnlyList<string>? names)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        TensorEntry[] inputs = [.. (names ?? [null!]).Select(name => file[ProbeInput.TensorName(name)])];
        TensorEntry targets = file[ProbeSet.TargetsName];
        CheckInputs(file, inputs, hasNames: names is not null);
        CheckTargets(path, inputs[0].Shape[0], targets, loss);
        bool areLabels = !targets.Type.IsFloatingPoint();
        return new ProbeSet(
            inputs.Any(input => input.Type == TensorType.Float64) ? ElementType.Float64 : ElementType.Float32,
            [
                .. inputs.Select(
                    (input, i) => new ProbeInput(names?[i], [.. input.Shape], ReadInput(file, input, names is not null))
                ),
            ],
            (
                areLabels ? ReadLabels(file, targets, loss) : null,
                areLabels ? null : ReadFinite(file, targets),
                [.. targets.Shape]
            )
        )
        {
            Others = new[] { loss.WeightTensor, loss.PositiveWeightTensor }
                .OfType<string>()
                .Distinct()
                .ToDictionary(
                    name => name,
                    name => new ProbeTensor([.. file[name].Shape], ReadFinite(file, file[name]))
                ),
        };
    }

    private static void CheckInputs(SafetensorsFile file, TensorEntry[] inputs, bool hasNames)
    {
        foreach (TensorEntry input in inputs)
        {
            if (input.Shape.Count == 0 || input.Count == 0)
            {
                throw new BundleException(
                    file.Path,
                    input.Name,
                    $"has the shape {input.ShapeText}",
                    "write [N, …] with at least one sample"
                );
            }

            if (input.Shape[0] != inputs[0].Shape[0])
            {
                throw new BundleException(
                    file.Path,
                    input.Name,
                    $"has the shape {input.ShapeText}, and '{inputs[0].Name}' {inputs[0].ShapeText}",
                    "write the same N samples in each, along the first dimension"
                );
            }
        }

        // A mask that nobody names would be left out of the model without a word.
        string prefix = ProbeInput.TensorName(string.Empty);
        TensorEntry? other = file.Tensors.FirstOrDefault(tensor =>
            hasNames && tensor.Name.StartsWith(prefix, StringComparison.Ordinal) && !inputs.Contains(tensor)
        );
        if (other is not null)
        {
            throw new BundleException(
                file.Path,
                other.Name,
                $"is none of the inputs that {RunManifest.FileName} names",
                $"name it in 'inputs' of {RunManifest.FileName}, or leave it out"
            );
        }
    }

    // The one input without a name has been read as whole numbers ever since, whatever its type.
    private static Array ReadInput(SafetensorsFile file, TensorEntry input, bool hasName) =>
        input.Type.IsFloatingPoint() ? ReadFinite(file, input)
        : hasName && input.Type == TensorType.Bool ? ReadTruths(file, input)
        : ReadWhole(file, input);

    private static bool[] ReadTruths(SafetensorsFile file, TensorEntry tensor)
    {
        byte[] values = new byte[Length(file, tensor)];
        file.ReadRaw(tensor, values);
        int wrong = Array.FindIndex(values, value => value > 1);
        return wrong < 0
            ? Array.ConvertAll(values, value => value == 1)
            : throw new BundleException(
                file.Path,
                tensor.Name,
                $"holds {values[wrong]} at element {wrong}",
                "write 0 or 1"
            );
    }

    private static void CheckTargets(string path, long samples, TensorEntry targets, LossDescription loss)
    {
        bool areNumbers = targets.Type.IsFloatingPoint();
        int rank = targets.Shape.Count;
        bool suits = loss switch
        {
            { IsPlain: true, Kind: Loss.CrossEntropy } => !areNumbers && rank is 1 or 2,
            { IsPlain: true } => areNumbers && rank == 2,
            { Kind: Loss.CrossEntropy } => !areNumbers || rank >= 2,
            { Kind: Loss.NegativeLogLikelihood } => !areNumbers,
            { Kind: Loss.Script } => true,
            _ => areNumbers,
        };
        if (!suits || rank == 0 || targets.Shape[0] != samples || targets.Count == 0)
        {
            string kind = loss switch
            {
                { IsPlain: true, Kind: Loss.CrossEntropy } =>
                    $"whole numbers [{samples}] for cross_entropy, or [{samples}, T] for a model that classifies T "
                        + "positions",
                { IsPlain: true } => $"floating-point numbers [{samples}, K] for mse",
                { Kind: Loss.CrossEntropy } =>
                    $"class numbers [{samples}, …], or shares of classes [{samples}, K, …], for {loss}",
                { Kind: Loss.NegativeLogLikelihood } => $"class numbers [{samples}, …] for {loss}",
                { Kind: Loss.Script } => $"targets [{samples}, …] for {loss}",
                _ => $"floating-point numbers [{samples}, …] of the outputs' shape for {loss}",
            };
            throw new BundleException(
                path,
                ProbeSet.TargetsName,
                $"is {targets.Type.Label()} {targets.ShapeText}",
                $"write {kind}"
            );
        }
    }

    private static double[] ReadFinite(SafetensorsFile file, TensorEntry tensor)
    {
        var values = new double[Length(file, tensor)];
        file.Read(tensor, values);
        int wrong = Array.FindIndex(values, value => !double.IsFinite(value));
        return wrong < 0
            ? values
            : throw new BundleException(
                file.Path,
                tensor.Name,
                $"holds {values[wrong]} at element {wrong}",
                "write finite numbers"
            );
    }

    private static long[] ReadLabels(SafetensorsFile file, TensorEntry tensor, LossDescription loss)
    {
        long[] labels = ReadWhole(file, tensor);
        int wrong =
            loss.Kind == Loss.Script ? -1 : Array.FindIndex(labels, label => label < 0 && label != loss.IgnoreIndex);
        return wrong < 0
            ? labels
            : throw new BundleException(
                file.Path,
                tensor.Name,
                $"holds the label {labels[wrong]} at sample {wrong}",
                "write class numbers from 0, and name the one that does not count: ignore_index"
            );
    }

    private static long[] ReadWhole(SafetensorsFile file, TensorEntry tensor)
    {
        var values = new long[Length(file, tensor)];
        file.Read(tensor, values);
        return values;
    }

    private static long Length(SafetensorsFile file, TensorEntry tensor) =>
        tensor.Count <= Array.MaxLength
            ? tensor.Count
            : throw new BundleException(
                file.Path,
                tensor.Name,
                $"has {tensor.Count} elements",
                $"write a probe set of at most {Array.MaxLength} numbers"
            );
}
