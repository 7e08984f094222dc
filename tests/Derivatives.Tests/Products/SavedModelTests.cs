using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Models that are saved and loaded.</summary>
public sealed class SavedModelTests
{
    [Fact]
    public void A_saved_model_loads_with_the_same_values_and_the_same_loss()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.pt");
        try
        {
            using var model = TinyModels.Define(TinyModels.BatchNormCnn);
            model.Save(path);
            using var loaded = ScriptModel.Load(path, ElementType.Float64, Device.Cpu);
            Assert.Equal(
                model.Parameters.Select(p => (p.Name, p.Offset)),
                loaded.Parameters.Select(p => (p.Name, p.Offset))
            );
            using var theta = Vector.Zeros(model.ParameterCount, ElementType.Float64, Device.Cpu);
            using var again = theta.ZerosLike();
            model.GetParameters(theta);
            loaded.GetParameters(again);
            Assert.Equal(theta.ToArray(), again.ToArray());

            using var samples = TinyModels.Images();
            using var first = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
            using var second = new Objective(loaded, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
            Assert.Equal(first.Evaluate(theta), second.Evaluate(theta));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
