using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Curvature.Tests.Operators;

/// <summary>The names of operators.</summary>
public class OperatorNamesTests
{
    [Fact]
    public void Names_go_there_and_back()
    {
        Assert.Equal(["hessian", "ggn", "residual"], OperatorNames.All.Select(kind => kind.Label()));
        Assert.All(OperatorNames.All, kind => Assert.Equal(kind, OperatorNames.Parse(kind.Label())));
        Assert.Equal(OperatorKind.GaussNewton, OperatorNames.Parse(" GGN "));
        Assert.False(OperatorNames.TryParse(null, out _));
        var failure = Assert.Throws<FormatException>(() => OperatorNames.Parse("fisher"));
        Assert.Contains("hessian, ggn, residual", failure.Message, StringComparison.Ordinal);
    }
}
