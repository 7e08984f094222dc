using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Analyses;
using CurvatureMonitor.Curvature.Tests.Cases;

namespace CurvatureMonitor.Curvature.Tests.Modules;

/// <summary>
/// Modules against the dense blocks of the Hessian that PyTorch computes in float64, by double backward, and
/// diagonalises.
/// </summary>
public sealed class ModuleBlockTests
{
    private static readonly Dictionary<string, Block[]> Blocks = new()
    {
        ["mlp_tanh_49_16_10"] =
        [
            new("fc1", 800, 1.0551959110560367, 8.974477593882359),
            new("*.weight", 944, 0.773078811745951, 7.8997452754010045),
            new("*.bias", 26, 0.40742066432335317, 2.6672349299657316),
            new("fc?.*", 970, 1.1597184488442835, 10.566980205366725),
        ],
        ["mlp_mse_49_20_3"] =
        [
            new("fc2", 63, 0.9832410893843548, 4.121479667033856),
            new("*.weight", 1040, 5.089802322128678, 19.724560713121946),
        ],
        ["softmax_49_10"] = [new("*", 500, 0.2617792896894596, 2.1673235228109253)],
        ["cnn_bn_eval"] =
        [
            new("conv1", 40, 20.584769430642453, 52.601268723044676),
            new("bn*", 24, 1.057230183009598, 2.5712722324415656),
            new("conv?.weight", 324, 36.83467896375984, 124.03635817583623),
            new("fc", 1290, 3.454551251540976, 28.886989857909388),
        ],
    };

    public static TheoryData<string> Cases => [.. Blocks.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Modules_have_eigenvalue_and_trace_of_the_dense_block(string name)
    {
        var settings = AnalysisSettings.Thorough with { Modules = Patterns(name), DeflatedEigenvectors = 0 };
        var measured = ModuleCase.Measure(name, settings);
        Assert.True(measured.Converged && measured.Exact);
        Assert.Equal(Blocks[name].Select(block => block.Pattern), measured.Modules.Select(module => module.Module));
        foreach (var (block, module) in Blocks[name].Zip(measured.Modules))
        {
            Assert.Equal(block.Parameters, module.Parameters);
            Assert.Equal(block.Sharpness, module.LambdaMax.Value, 1e-8 * block.Sharpness);
            Assert.InRange(
                Math.Abs(module.LambdaMax.Value - block.Sharpness),
                0,
                module.LambdaMax.Error + (1e-12 * block.Sharpness)
            );
            Assert.InRange(Math.Abs(module.Trace.Value - block.Trace), 0, module.Trace.Error + (1e-12 * block.Trace));
            Assert.Equal(block.Trace, module.Trace.Value, 1e-9 * block.Trace);
        }
    }

    // The type that trainings have, and the few steps and probes of live jobs for models that are larger than these.
    [Theory]
    [MemberData(nameof(Cases))]
    public void Error_bars_hold_in_single_precision_and_few_steps(string name)
    {
        foreach (long seed in Enumerable.Range(0, 5))
        {
            var settings = AnalysisSettings.Live with { Modules = Patterns(name), Seed = seed, ExactParameters = 0 };
            var measured = ModuleCase.Measure(name, settings, ElementType.Float32);
            Assert.False(measured.Exact);
            foreach (var (block, module) in Blocks[name].Zip(measured.Modules))
            {
                Assert.InRange(
                    module.LambdaMax.Value,
                    block.Sharpness - module.LambdaMax.Error,
                    block.Sharpness * (1 + 1e-5)
                );
                Assert.Equal(block.Sharpness, module.LambdaMax.Value, 2e-3 * block.Sharpness);
                Assert.InRange(Math.Abs(module.Trace.Value - block.Trace), 0, 4 * module.Trace.Error);
            }
        }
    }

    [Fact]
    public void Exact_traces_in_single_precision_lie_within_their_rounding()
    {
        const string name = "mlp_tanh_49_16_10";
        var settings = AnalysisSettings.Live with { Modules = Patterns(name) };
        var measured = ModuleCase.Measure(name, settings, ElementType.Float32);
        Assert.True(measured.Exact);
        Assert.All(Blocks[name].Zip(measured.Modules), pair =>
            Assert.InRange(Math.Abs(pair.Second.Trace.Value - pair.First.Trace), 0, pair.Second.Trace.Error)
        );
    }

    [Fact]
    public void The_model_itself_is_a_module_with_the_sharpness_and_trace_of_the_whole()
    {
        using var reference = new ReferenceCase("mlp_tanh_49_16_10", ElementType.Float64);
        foreach (var kind in OperatorNames.All)
        {
            var module = ModuleCase
                .Measure("mlp_tanh_49_16_10", AnalysisSettings.Thorough with { Modules = ["*"] }, kind: kind)
                .Modules.Single();
            Assert.Equal(reference.Number(kind, "lambda_max")!.Value, module.LambdaMax.Value, 1e-8);
            Assert.Equal(reference.Number(kind, "trace")!.Value, module.Trace.Value, 1e-8);
        }
    }

    [Fact]
    public void Without_patterns_every_module_with_parameters_is_measured()
    {
        var measured = ModuleCase.Measure("cnn_bn_eval", AnalysisSettings.Live);
        Assert.Equal(["conv1", "bn1", "conv2", "bn2", "fc"], measured.Modules.Select(module => module.Module));
        Assert.Equal(0, measured.LeftOut);
    }

    // One tensor a pattern is what the analysis of layers measures.
    [Fact]
    public void Modules_of_one_tensor_are_layers()
    {
        using var reference = new ReferenceCase("mlp_tanh_49_16_10", ElementType.Float64);
        var sharpness = reference.BlockSharpness(OperatorKind.GaussNewton);
        var traces = reference.BlockTraces(OperatorKind.GaussNewton);
        var settings = AnalysisSettings.Thorough with { Modules = [.. sharpness.Keys] };
        var measured = ModuleCase.Measure("mlp_tanh_49_16_10", settings, kind: OperatorKind.GaussNewton);
        Assert.All(measured.Modules, module =>
        {
            Assert.Equal(sharpness[module.Module], module.LambdaMax.Value, 1e-9);
            Assert.Equal(traces[module.Module], module.Trace.Value, 1e-9);
        });
    }

    // Whoever measures both pays for the products of the trace once, and both say the same.
    [Fact]
    public void Traces_of_modules_are_sums_of_those_of_their_layers_and_cost_nothing_more()
    {
        using var reference = new ReferenceCase("mlp_tanh_49_16_10", ElementType.Float64);
        using var memory = new AnalysisMemory();
        var settings = AnalysisSettings.Live with { ExactParameters = 0, Modules = ["fc1", "*.bias"] };
        using var both = ModuleCase.Context(reference, settings, memory, AnalysisKind.Trace, AnalysisKind.Modules);
        var trace = TraceAnalysis.Measure(both, OperatorKind.Hessian);
        var modules = ModulesAnalysis.Measure(both, OperatorKind.Hessian);
        var layers = trace.Layers.ToDictionary(layer => layer.Layer, layer => layer.Estimate.Value);
        Assert.Equal(layers["fc1.weight"] + layers["fc1.bias"], modules.Modules[0].Trace.Value, 1e-12);
        Assert.Equal(layers["fc1.bias"] + layers["fc2.bias"], modules.Modules[1].Trace.Value, 1e-12);

        using var alone = ModuleCase.Context(reference, settings, memory, AnalysisKind.Modules);
        var again = ModulesAnalysis.Measure(alone, OperatorKind.Hessian);
        Assert.Equal(again.Modules, modules.Modules);
        Assert.Equal(
            again.Cost.CurvatureProducts,
            modules.Cost.CurvatureProducts + trace.Cost.CurvatureProducts
        );
    }

    [Fact]
    public void A_search_that_was_cut_short_says_so_and_its_bound_holds()
    {
        var settings = AnalysisSettings.Thorough with { Modules = ["fc1"], LanczosSteps = 4 };
        var measured = ModuleCase.Measure("mlp_tanh_49_16_10", settings);
        Assert.False(measured.Converged);
        Assert.InRange(measured.Modules[0].LambdaMax.Error, 1e-3, 1);
    }

    [Fact]
    public void Modules_that_a_model_does_not_have_are_refused_in_one_line()
    {
        var settings = AnalysisSettings.Live with { Modules = ["fc1", "head.*"] };
        var refusal = Assert.Throws<AnalysisRefusedException>(() => ModuleCase.Measure("mlp_tanh_49_16_10", settings));
        Assert.Equal(
            "modules: 'head.*' names no parameter that is measured, and no module with one; there are fc1.weight, "
                + "fc1.bias, fc2.weight and 1 more",
            refusal.Message
        );
    }

    private static string[] Patterns(string name) => [.. Blocks[name].Select(block => block.Pattern)];

    private sealed record Block(string Pattern, long Parameters, double Sharpness, double Trace);
}
