using System.Text.Json;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Cases;

/// <summary>One run bundle with what is exactly true of it, opened in one element type.</summary>
internal sealed class ReferenceCase : IDisposable
{
    private readonly ScriptModel _model;
    private readonly Samples _samples;
    private readonly JsonElement _expected;

    internal ReferenceCase(string name, ElementType type, int? microBatch = null, params int[] chosen)
    {
        var folder = Path.Combine(CaseFiles.Root(), name);
        var manifest = CaseFiles.Json(Path.Combine(folder, "run.json"));
        _expected = CaseFiles.Json(Path.Combine(folder, "expected.json"));

        var checkpoint = new SafeTensors(Path.Combine(folder, "checkpoints", "step-00000001.safetensors"));
        _model = ScriptModel.Load(
            Path.Combine(folder, manifest.GetProperty("model").GetProperty("file").GetString()!),
            type,
            Device.Cpu
        );
        Theta = CaseFiles.Flatten(_model.Parameters, checkpoint, type);
        if (_model.BufferCount > 0)
        {
            using var buffers = CaseFiles.Flatten(_model.Buffers, checkpoint, type);
            _model.SetBuffers(buffers);
        }

        var probe = new SafeTensors(Path.Combine(folder, "probe.safetensors"));
        var crossEntropy = manifest.GetProperty("loss").GetString() == "cross_entropy";
        int[] rows = chosen.Length > 0 ? chosen : [.. Enumerable.Range(0, (int)probe.Shape("inputs")[0])];
        var inputs = CaseFiles.Rows(probe.Doubles("inputs"), probe.Shape("inputs")[0], rows);
        long[] shape = [rows.Length, .. probe.Shape("inputs")[1..]];
        _samples = crossEntropy
            ? Samples.Classification(
                inputs,
                shape,
                CaseFiles.Rows(probe.Longs("targets"), probe.Shape("inputs")[0], rows),
                type,
                Device.Cpu
            )
            : Samples.Regression(
                inputs,
                shape,
                CaseFiles.Rows(probe.Doubles("targets"), probe.Shape("targets")[0], rows),
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
    [.. Directory.GetDirectories(CaseFiles.Root()).Select(folder => Path.GetFileName(folder)).Order()];

    internal Vector Theta { get; }

    internal Objective Objective { get; }

    internal Linearization Linearization { get; }

    internal CurvatureStatistics Statistics => new(Linearization, TimeProvider.System);

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

    /// <summary>Ritz vectors of the largest Ritz values as they come, not all of them converged, for the caller to
    /// dispose; none for none.</summary>
    internal List<Vector> RitzVectors(OperatorKind kind, int count)
    {
        var vectors = new List<Vector>();
        if (count > 0)
        {
            var options = new SpectrumOptions { Steps = 32, TopEigenvalues = count };
            new CurvatureAnalyzer(Linearization, TimeProvider.System).Spectrum(kind, options, vectors);
        }

        return vectors;
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
}
