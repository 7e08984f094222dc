using CurvatureMonitor.Training.Arguments;

namespace CurvatureMonitor.Training.Tests;

public sealed class NamedArgumentsTests
{
    [Fact]
    public void A_name_with_arguments_is_read_and_written_back()
    {
        var read = NamedArguments.Parse(" MLP : Hidden = 128,64 ; activation=tanh ", "model");
        Assert.Equal("mlp", read.Name);
        Assert.Equal("128,64", read.Arguments["hidden"]);
        Assert.Equal("tanh", read.Arguments["activation"]);
        Assert.Equal("mlp:hidden=128,64;activation=tanh", read.ToString());
    }

    [Fact]
    public void A_dash_in_a_key_means_an_underscore() =>
        Assert.Equal("0.1", NamedArguments.Parse("sgd:weight-decay=0.1", "optimizer").Arguments["weight_decay"]);

    [Fact]
    public void A_name_alone_has_no_arguments() => Assert.Empty(NamedArguments.Parse("lenet", "model").Arguments);

    [Theory]
    [InlineData("", "has no name")]
    [InlineData(":a=1", "has no name")]
    [InlineData("mlp:hidden", "'hidden' in 'mlp:hidden' is not key=value")]
    [InlineData("mlp:hidden=", "is not key=value")]
    [InlineData("mlp:a=1;A=2", "given twice")]
    public void A_malformed_text_says_in_one_line_what_is_wrong(string text, string part)
    {
        var failure = Assert.Throws<TrainingConfigurationException>(() => NamedArguments.Parse(text, "model"));
        Assert.Contains(part, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }
}
