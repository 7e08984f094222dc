using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Storage.Tests.Bundles;

/// <summary>Names of runs.</summary>
public sealed class RunNameTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("_x-1.2_B", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("-rf", false)]
    [InlineData("a b", false)]
    [InlineData("é", false)]
    [InlineData("a\0", false)]
    public void Names_of_runs_are_plain(string? name, bool valid) => Assert.Equal(valid, RunName.IsValid(name));

    [Fact]
    public void Names_of_runs_have_at_most_128_characters()
    {
        Assert.True(RunName.IsValid(new string('a', 128)));
        Assert.False(RunName.IsValid(new string('a', 129)));
    }
}
