using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Training.Tests.Models;

public sealed class ModelBuilderTests
{
    [Fact]
    public void The_source_names_every_value_once()
    {
        var source = new ModelBuilder("tiny", [4])
            .Linear("fc1", 3)
            .Tanh()
            .Linear("fc2", 2, bias: false)
            .Build()
            .Source.Source;
        Assert.Equal(
            """
            def forward(self, x: Tensor) -> Tensor:
                x1 = torch.linear(x, self.fc1.weight, self.fc1.bias)
                x2 = torch.tanh(x1)
                x3 = torch.linear(x2, self.fc2.weight, None)
                return x3

            """,
            source
        );
    }

    [Fact]
    public void Two_layers_do_not_share_a_name() =>
        Assert.Throws<ArgumentException>(() => new ModelBuilder("m", [4]).Linear("fc", 3).Linear("fc", 2));

    [Fact]
    public void A_name_that_is_no_module_name_is_refused() =>
        Assert.Throws<ArgumentException>(() => new ModelBuilder("m", [4]).Linear("fc.1", 3));
}
