
namespace CurvatureMonitor.Training.Tests.Models;

/// <summary>Initial parameters and seeds.</summary>
public sealed class InitialSeedTests
{
    [Fact]
    public void The_same_seed_gives_the_same_parameters_and_another_seed_gives_others()
    {
        Assert.Equal(InitialParameters.Draw("mlp", 5).Values, InitialParameters.Draw("mlp", 5).Values);
        Assert.NotEqual(InitialParameters.Draw("mlp", 5).Values, InitialParameters.Draw("mlp", 6).Values);
    }

    [Fact]
    public void The_first_parameters_of_seed_42_never_change()
    {
        // From a second implementation of the published generator, with the bound 1/28 of 784 inputs.
        double[] expected = [-0.011081760928103573, -0.025523409901517795, 0.015480007083192464];
        var actual = InitialParameters.Draw("softmax", 42).Values;
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-15);
        }
    }
}
