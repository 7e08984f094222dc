using CurvatureMonitor.Mixin.Output;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>Metrics that exist on a condition.</summary>
public sealed class ExpressionConditionTests
{
    [Fact]
    public void Every_condition_is_explained_and_something_depends_on_it()
    {
        var used = ListedExpressions
            .List.Entries.SelectMany(entry => entry.Conditional)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        Assert.Equal(Repository.Configuration.Conditions.Keys.Order(StringComparer.Ordinal), used);
        Assert.All(Repository.Configuration.ConditionalFamilies.Values, key =>
            Assert.Contains(key, Repository.Configuration.Conditions)
        );
        Assert.All([.. Repository.Configuration.DemoHolds, .. Repository.Configuration.DemoPassing], key =>
            Assert.Contains(key, Repository.Configuration.Conditions)
        );
        Assert.Empty(Repository.Configuration.DemoHolds.Intersect(Repository.Configuration.DemoPassing));
    }

    [Fact]
    public void Every_conditional_family_is_one_that_is_asked_for()
    {
        var asked = ListedExpressions
            .List.Entries.SelectMany(entry => MetricNames.In(entry.Expr))
            .SelectMany(MetricNames.Families)
            .ToHashSet(StringComparer.Ordinal);
        Assert.Empty(Repository.Configuration.ConditionalFamilies.Keys.Except(asked));
    }

    [Fact]
    public void Alerts_are_conditional_and_what_they_look_at_is_listed_by_itself()
    {
        Assert.All(ListedExpressions.List.Entries.Where(entry => entry.Kind == "alert"), entry =>
            Assert.Contains("alert", entry.Conditional)
        );
        var input = Assert.Single(ListedExpressions.List.Entries, entry =>
            entry is { Kind: "alert-input", Name: "CurvatureInstabilityImminent" }
            && entry.Expr.StartsWith("curvature_stability_ratio_low", StringComparison.Ordinal)
        );
        Assert.Empty(input.Conditional);
    }
}
