using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>Reads and checks the file of a probe set.</summary>
internal static class ProbeSetReader
{
    /// <summary>Reads and checks <c>probe.safetensors</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="loss">The loss that the targets must suit: whole numbers [N] or [N, T] for cross-entropy,
    /// floating-point [N, K] for mse.</param>
    /// <exception cref="BundleException">The file is malformed, a tensor is missing, mis-shaped, of the wrong type or
    /// not finite.</exception>
    public static ProbeSet Read(string path, Loss loss)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        TensorEntry inputs = file[ProbeSet.InputsName];
        TensorEntry targets = file[ProbeSet.TargetsName];
        if (inputs.Shape.Count == 0 || inputs.Count == 0)
        {
            throw new BundleException(
                path,
                ProbeSet.InputsName,
                $"has the shape {inputs.ShapeText}",
                "write [N, …] with at least one sample"
            );
        }

        CheckTargets(path, inputs.Shape[0], targets, loss);
        ElementType type = inputs.Type == TensorType.Float64 ? ElementType.Float64 : ElementType.Float32;
        bool areTokens = !inputs.Type.IsFloatingPoint();
        double[] values = areTokens ? [] : ReadFinite(file, inputs);
        long[]? tokens = areTokens ? ReadWhole(file, inputs) : null;
        return loss == Loss.CrossEntropy
            ? new ProbeSet(
                type,
                values,
                [.. inputs.Shape],
                ReadLabels(file, targets),
                null,
                0,
                tokens,
                targets.Shape.Count == 1 ? 0 : targets.Shape[1]
            )
            : new ProbeSet(type, values, [.. inputs.Shape], null, ReadFinite(file, targets), targets.Shape[1], tokens);
    }

    private static void CheckTargets(string path, long samples, TensorEntry targets, Loss loss)
    {
        bool suits =
            targets.Type.IsFloatingPoint() == (loss == Loss.MeanSquaredError)
            && (targets.Shape.Count == 2 || (targets.Shape.Count == 1 && loss == Loss.CrossEntropy))
            && targets.Shape[0] == samples
            && targets.Count > 0;
        if (!suits)
        {
            string kind =
                loss == Loss.CrossEntropy
                    ? $"whole numbers [{samples}] for cross_entropy, or [{samples}, T] for a model that classifies T "
                        + $"positions"
                    : $"floating-point numbers [{samples}, K] for mse";
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

    private static long[] ReadLabels(SafetensorsFile file, TensorEntry tensor)
    {
        long[] labels = ReadWhole(file, tensor);
        int wrong = Array.FindIndex(labels, label => label < 0);
        return wrong < 0
            ? labels
            : throw new BundleException(
                file.Path,
                tensor.Name,
                $"holds the label {labels[wrong]} at sample {wrong}",
                "write class numbers from 0"
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
