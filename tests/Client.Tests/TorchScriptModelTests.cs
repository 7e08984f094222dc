using System.Text.Json;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Tests.Products;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Client.Tests;

/// <summary>
/// The kinds of models that people train, through the client, TorchScript and the engine: against central differences,
/// and against whole matrices that PyTorch computed in float64.
/// </summary>
public sealed class TorchScriptModelTests(ModelBundles bundles) : IClassFixture<ModelBundles>
{
    private const double Exact = 1e-9;

    private static readonly string[] Names =
    [
        .. new[] { "mlp", "mse-traced", "cnn-bn-eval", "cnn-bn-train", "residual-eval", "residual-train", "lstm" },
        .. new[] { "gru", "transformer", "transformer-tied", "encoder" },
        .. new[] { "ignored", "smoothed", "weighted", "weighted-ignored", "shares", "pixels", "nll", "bce" },
        .. new[] { "bce-weighted", "mse-images", "mse-single", "l1", "smooth-l1", "huber", "poisson", "poisson-rates" },
        .. new[] { "own-function", "own-module", "own-lambda", "own-masked" },
        .. new[] { "modules", "modules-forward", "modules-frozen" },
        .. new[] { "frozen", "chosen", "auxiliary", "stopped", "norms-partly-frozen", "norm-of-the-batch" },
        .. new[] { "norm-without-statistics", "norm-last-of-one", "norm-by-function-eval", "norm-by-function-train" },
        .. new[] { "norms-of-their-own", "root", "picked", "packed", "longest", "until-the-end" },
        .. new[] { "inputs-pair", "inputs-masked", "inputs-encoder", "inputs-encoder-scripted" },
        .. new[] { "inputs-hugging", "inputs-hugging-labels" },
        .. new[] { "inputs-whole", "inputs-series", "inputs-packed", "inputs-translator", "inputs-forward" },
    ];

    public static TheoryData<string> Models => [.. Names];

    [Fact]
    public void Every_model_that_is_written_is_tested() => Assert.Equal(bundles.Names(), Names);

    [Theory]
    [MemberData(nameof(Models))]
    public void Derivatives_agree_with_central_differences(string name)
    {
        using var probe = new Probe(Path.Combine(bundles.Folder, name));
        using var at = new Linearization(probe.Objective, probe.Theta);
        using var gradient = probe.Theta.ZerosLike();
        probe.Objective.Gradient(probe.Theta, gradient);
        Differences.AssertGradient(probe.Objective, probe.Theta, gradient, 1e-8);
        for (int seed = 0; seed < 2; seed++)
        {
            using var v = gradient.ZerosLike();
            v.FillNormal(seed);
            using var w = v.ZerosLike();
            at.HessianProduct(v, w);
            Differences.AssertClose(Differences.HessianProduct(probe.Objective, probe.Theta, v), w, 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Loss_gradient_and_the_ends_of_both_spectra_are_those_that_PyTorch_computes(string name)
    {
        JsonElement expected = bundles.Expected(name);
        using var probe = new Probe(Path.Combine(bundles.Folder, name));
        using var at = new Linearization(probe.Objective, probe.Theta);
        using var gradient = probe.Theta.ZerosLike();
        Assert.Equal(expected.GetProperty("parameters").GetInt64(), at.ParameterCount);
        Assert.Equal(expected.GetProperty("loss").GetDouble(), probe.Objective.Gradient(probe.Theta, gradient), Exact);
        Assert.Equal(expected.GetProperty("gradient").GetDouble(), gradient.Norm(), Exact);
        AssertEnds(expected.GetProperty("hessian"), new HessianOperator(at));
        AssertEnds(expected.GetProperty("ggn"), new GaussNewtonOperator(at));
    }

    private static void AssertEnds(JsonElement expected, ISymmetricOperator symmetric)
    {
        var options = new ExtremalOptions
        {
            Tolerance = 1e-9,
            MaximumSteps = 3000,
            MaximumVectors = 200,
        };
        using var ends = ExtremalEigenpairs.Find(symmetric, options);
        Assert.True(ends.Converged);
        double scale = Math.Max(1, Math.Abs(expected[1].GetDouble()));
        Assert.Equal(expected[1].GetDouble(), ends.LambdaMax!.Value, 1e-7 * scale);
        Assert.Equal(expected[0].GetDouble(), ends.LambdaMin!.Value, 1e-7 * scale);
    }

    /// <summary>The last checkpoint of a bundle in float64.</summary>
    private sealed class Probe : IDisposable
    {
        private readonly ScriptModel _model;
        private readonly Samples _samples;

        internal Probe(string folder)
        {
            RunBundle bundle = RunBundle.Open(folder);
            _model = BundleModel.Load(bundle, ElementType.Float64, Device.Cpu);
            ProbeSet probe = bundle.ReadProbe();
            _samples = probe.ToSamples(ElementType.Float64, Device.Cpu);
            Objective = BundleModel.CreateObjective(
                bundle,
                _model,
                BundleModel.LossOf(bundle, probe),
                _samples,
                probe.InputText
            );
            CheckpointLayout layout = CheckpointLayout.Of(_model);
            using Checkpoint checkpoint = bundle.ReadCheckpoint(bundle.CheckpointSteps()[^1], layout);
            Theta = Vector.Zeros(layout.ParameterCount, ElementType.Float64, Device.Cpu);
            checkpoint.CopyParametersTo(Theta);
            if (layout.BufferCount > 0)
            {
                using var buffers = Vector.Zeros(layout.BufferCount, ElementType.Float64, Device.Cpu);
                checkpoint.CopyBuffersTo(buffers);
                Objective.SetBuffers(buffers);
            }
        }

        internal Objective Objective { get; }

        internal Vector Theta { get; }

        public void Dispose()
        {
            Theta.Dispose();
            Objective.Dispose();
            _samples.Dispose();
            _model.Dispose();
        }
    }
}
