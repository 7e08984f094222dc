using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Training.Tests.Models;

public sealed class BuiltInModelsTests
{
    [Theory]
    [InlineData("softmax", (784 * 10) + 10)]
    [InlineData("mlp", (784 * 256) + 256 + (256 * 256) + 256 + (256 * 10) + 10)]
    [InlineData("mlp:hidden=32", (784 * 32) + 32 + (32 * 10) + 10)]
    [InlineData(
        "mlp:input=1,7,7;hidden=16,12,8;classes=3;activation=tanh",
        (49 * 16) + 16 + (16 * 12) + 12 + (12 * 8) + 8 + (8 * 3) + 3
    )]
    [InlineData("lenet", 431_080)]
    [InlineData("cnn-bn", (16 * 9) + 16 + 32 + (32 * 16 * 9) + 32 + 64 + (32 * 7 * 7 * 10) + 10)]
    [InlineData("cnn-bn:channels=4,8;input=1x14x14", (4 * 9) + 4 + 8 + (8 * 4 * 9) + 8 + 16 + (8 * 3 * 3 * 10) + 10)]
    public void A_model_has_as_many_parameters_as_its_layers_add_up_to(string text, long expected) =>
        Assert.Equal(expected, BuiltInModels.Create(text).ParameterCount);

    [Fact]
    public void Every_name_listed_makes_a_model() =>
        Assert.All(BuiltInModels.Names, name => Assert.Equal(name, BuiltInModels.Create(name).Name));

    [Theory]
    [InlineData("vgg", "there is no built-in model 'vgg': choose one of softmax, mlp, lenet, cnn-bn")]
    [InlineData("mlp:hiden=5", "model mlp has no argument 'hiden': it takes hidden, activation, input, classes")]
    [InlineData("softmax:hidden=5", "model softmax has no argument 'hidden'")]
    [InlineData("mlp:hidden=12,x", "hidden=12,x is not valid")]
    [InlineData("mlp:hidden=0", "hidden=0 is not valid")]
    [InlineData("mlp:activation=gelu", "activation=gelu is not valid: give one of relu, tanh")]
    [InlineData("softmax:classes=-3", "classes=-3 is not valid")]
    [InlineData(
        "lenet:input=1,8,8",
        "model lenet: conv2 on a sample of shape [20, 2, 2] has a window of 5 that is larger than the image"
    )]
    [InlineData("cnn-bn:input=49", "model cnn-bn: conv1 on a sample of shape [49] needs an image [C, H, W]")]
    public void A_mistake_says_in_one_line_what_is_wrong(string text, string part)
    {
        var failure = Assert.Throws<TrainingConfigurationException>(() => BuiltInModels.Create(text));
        Assert.Contains(part, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }
}
