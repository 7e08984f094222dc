using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Statistics;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>What batch norm in train mode leaves of a variance.</summary>
public class TrainModeRefusalTests
{
    [Theory]
    [InlineData(VarianceForm.PerSample)]
    [InlineData(VarianceForm.RandomBatches)]
    public void In_train_mode_single_samples_are_refused_with_the_way_out(VarianceForm form)
    {
        using var model = new TinyModel(batchNorm: true, BatchNormMode.Train);
        var refused = Assert.Throws<UserErrorException>(() =>
            model.Statistics.Gradient(new GradientOptions { Form = form })
        );
        Assert.Contains("fixed batches", refused.Message, StringComparison.Ordinal);
        Assert.Throws<UserErrorException>(() =>
            model.Statistics.Variance(OperatorKind.Hessian, new VarianceOptions { Form = form })
        );
    }

    [Fact]
    public void Train_mode_does_not_matter_to_a_model_without_batch_norm()
    {
        using var model = new TinyModel(mode: BatchNormMode.Train);
        Assert.Equal(VarianceForm.PerSample, model.Statistics.Gradient().Form);
    }

    [Fact]
    public void One_micro_batch_has_no_spread_and_is_refused()
    {
        using var model = new TinyModel(batchNorm: true, BatchNormMode.Train, samples: 8, microBatch: 8);
        Assert.Contains(
            "one batch",
            Assert.Throws<UserErrorException>(() => model.Statistics.Gradient()).Message,
            StringComparison.Ordinal
        );
    }
}
