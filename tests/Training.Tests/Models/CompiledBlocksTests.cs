using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Training.Tests.Models;

/// <summary>Blocks and residual sums.</summary>
public sealed class CompiledBlocksTests
{
    [Fact]
    public void Blocks_with_numbers_for_names_and_residual_sums_compile()
    {
        var definition = new ModelBuilder("residual", [2, 6, 6])
            .Block("layer1", layer =>
                layer.Block("0", block =>
                    block.Residual(branch =>
                        branch.Conv2d("conv1", 2, 3, padding: 1, bias: false).BatchNorm2d("bn1").Relu()
                    )
                )
            )
            .Flatten()
            .Linear("fc", 3)
            .Build();
        using var model = definition.Instantiate(ElementType.Float64, Device.Cpu, 1);
        using var samples = new SyntheticData(2, [2, 6, 6], 3, 6).Samples(ElementType.Float64);
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 2);
        using var parameters = Parameters(model);
        Assert.Equal(3, objective.OutputsPerSample);
        Assert.True(double.IsFinite(objective.Evaluate(parameters).Loss));
    }

    private static Vector Parameters(ScriptModel model)
    {
        var parameters = Vector.Zeros(model.ParameterCount, model.ElementType, Device.Cpu);
        model.GetParameters(parameters);
        return parameters;
    }
}
