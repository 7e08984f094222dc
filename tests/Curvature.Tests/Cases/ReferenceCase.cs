using System.Text.Json;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Curvature.Tests.Cases;

/// <summary>One run bundle with what is exactly true of it, opened in one element type.</summary>
internal sealed class ReferenceCase : IDisposable
{
    private readonly ScriptModel _model;
    private readonly Samples _samples;
    private readonly JsonElement _expected;

    internal ReferenceCase(string name, ElementType type, int? microBatch = null, params int[] chosen)
    {
        var folder = Path.Combine(Root(), name);
        var manifest = Json(Path.Combine(folder, "run.json"));
        _expected = Json(Path.Combine(folder, "expected.json"));

        var checkpoint = new SafeTensors(Path.Combine(folder, "checkpoints", "step-00000001.safetensors"));
        _model = ScriptModel.Load(
            Path.Combine(folder, manifest.GetProperty("model").GetProperty("file").GetString()!),
            type,
            Device.Cpu
        );
        Theta = Flatten(_model.Parameters, checkpoint, type);
        if (_model.BufferCount > 0)
        {
            using var buffers = Flatten(_model.Buffers, checkpoint, type);
            _model.SetBuffers(buffers);
        }

        var probe = new SafeTensors(Path.Combine(folder, "probe.safetensors"));
        var crossEntropy = manifest.GetProperty("loss").GetString() == "cross_entropy";
        int[] rows = chosen.Length > 0 ? chosen : [.. Enumerable.Range(0, (int)probe.Shape("inputs")[0])];
        var inputs = Rows(probe.Doubles("inputs"), probe.Shape("inputs")[0], rows);
        long[] shape = [rows.Length, .. probe.Shape("inputs")[1..]];
        _samples = crossEntropy
            ? Samples.Classification(
                inputs,
                shape,
                Rows(probe.Longs("targets"), probe.Shape("inputs")[0], rows),
                type,
                Device.Cpu
            )
            : Samples.Regression(
                inputs,
                shape,
                Rows(probe.Doubles("targets"), probe.Shape("targets")[0], rows),
                probe.Shape("targets")[1],
                type,
                Device.Cpu
            );
        Objective = new Objective(
            _model,
            _samples,
            crossEntropy ? Contracts.Models.Loss.CrossEntropy : Contracts.Models.Loss.MeanSquaredError,
            Enum.Parse<BatchNormMode>(manifest.GetProperty("batch_norm").GetString()!, ignoreCase: true),
            microBatch ?? Math.Min(rows.Length, manifest.GetProperty("micro_batch").GetInt32())
        );
        Linearization = new Linearization(Objective, Theta);
    }

    /// <summary>The cases are part of the specification: their absence is a failure, never a reason to skip.</summary>
    internal static IReadOnlyList<string> Names { get; } =
    [.. Directory.GetDirectories(Root()).Select(folder => Path.GetFileName(folder)).Order()];

    internal Vector Theta { get; }

    internal Objective Objective { get; }

    internal Linearization Linearization { get; }

    internal double Loss => _expected.GetProperty("loss").GetDouble();

    internal double GradientNorm => _expected.GetProperty("gradient").GetProperty("l2").GetDouble();

    internal double GradientMaximum => _expected.GetProperty("gradient").GetProperty("linf").GetDouble();

    internal double GradientVariance => _expected.GetProperty("gradient").GetProperty("variance").GetDouble();

    /// <summary>A number of one operator; null where it has none.</summary>
    internal double? Number(OperatorKind kind, string name)
    {
        var value = _expected.GetProperty("operators").GetProperty(kind.Label()).GetProperty(name);
        return value.ValueKind == JsonValueKind.Null ? null : value.GetDouble();
    }

    /// <summary>
    /// The traces of the parameter tensors' blocks of H or G, by name; empty where the case does not have them.
    /// </summary>
    internal IReadOnlyDictionary<string, double> BlockTraces(OperatorKind kind) =>
        _expected
            .GetProperty("per_parameter_blocks")
            .EnumerateArray()
            .ToDictionary(
                block => block.GetProperty("name").GetString()!,
                block => block.GetProperty(kind == OperatorKind.Hessian ? "trace_H" : "trace_G").GetDouble()
            );

    /// <summary>The largest eigenvalues of the parameter tensors' blocks of H or G, by name.</summary>
    internal IReadOnlyDictionary<string, double> BlockSharpness(OperatorKind kind) =>
        _expected
            .GetProperty("per_parameter_blocks")
            .EnumerateArray()
            .ToDictionary(
                block => block.GetProperty("name").GetString()!,
                block => block.GetProperty(kind == OperatorKind.Hessian ? "lambda_max_H" : "lambda_max_G").GetDouble()
            );

    /// <summary>All P eigenvalues, largest first.</summary>
    internal double[] Eigenvalues(OperatorKind kind) =>
        [
            .. _expected
                .GetProperty("operators")
                .GetProperty(kind.Label())
                .GetProperty("eigenvalues")
                .EnumerateArray()
                .Select(value => value.GetDouble()),
        ];

    public void Dispose()
    {
        Linearization.Dispose();
        Objective.Dispose();
        Theta.Dispose();
        _samples.Dispose();
        _model.Dispose();
    }

    private static string Root()
    {
        const string variable = "CURVATURE_CASES";
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named)
        {
            return Directory.Exists(named)
                ? named
                : throw new DirectoryNotFoundException($"{variable} names {named}, which is not there");
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "cases");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException(
            $"no folder shared/cases beside or above {AppContext.BaseDirectory}; put the cases beside the repository "
                + $"or name their folder in {variable}"
        );
    }

    private static T[] Rows<T>(T[] values, long count, int[] rows)
    {
        var width = values.Length / (int)count;
        return [.. rows.SelectMany(row => values.AsSpan(row * width, width).ToArray())];
    }

    private static JsonElement Json(string path) => JsonDocument.Parse(File.ReadAllText(path)).RootElement;

    private static Vector Flatten(IReadOnlyList<TensorSlot> slots, SafeTensors tensors, ElementType type)
    {
        var values = new double[slots.Sum(slot => slot.Count)];
        foreach (var slot in slots)
        {
            Assert.Equal(slot.Shape, tensors.Shape(slot.Name));
            tensors.Doubles(slot.Name).CopyTo(values.AsSpan((int)slot.Offset));
        }

        return Vector.From(values, type, Device.Cpu);
    }
}
