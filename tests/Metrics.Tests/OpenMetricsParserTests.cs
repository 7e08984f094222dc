using System.Text;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Metrics.Tests;

/// <summary>The judge must be able to say no: each text breaks one rule of the valid one.</summary>
public sealed class OpenMetricsParserTests
{
    private const string Valid =
        "# TYPE a_seconds gaugehistogram\n# UNIT a_seconds seconds\n# HELP a_seconds "
        + "A.\na_seconds_bucket{x=\"1\",le=\"-1.0\"} 1\n"
        + "a_seconds_bucket{x=\"1\",le=\"+Inf\"} 2\na_seconds_gcount{x=\"1\"} 2\na_seconds_gsum{x=\"1\"} -3\n# TYPE b "
        + "counter\n# HELP b B.\nb_total 1\n# EOF\n";

    [Fact]
    public void A_valid_text_is_accepted() => Assert.Equal(["a_seconds", "b"], Parse(Valid).Select(f => f.Name));

    [Theory]
    [InlineData("# EOF\n", "")]
    [InlineData("# EOF\n", "# EOF\n\n")]
    [InlineData("b_total 1", "b 1")] // a counter without _total
    [InlineData("b_total 1", "b_total 1 1767225600")] // a timestamp
    [InlineData("b_total 1", "b_total 1\nb_total 1")] // a series twice
    [InlineData("b_total 1", "b_total -1")]
    [InlineData("b_total 1", "b_total 1,5")]
    [InlineData("b_total 1", "c_total 1")]
    [InlineData("# UNIT a_seconds seconds", "# UNIT a_seconds bytes")]
    [InlineData("# HELP a_seconds A.", "# HELP a_seconds \"A\".")] // quotes are escaped in help
    [InlineData("# HELP b B.", "# HELP b B\\t.")] // an unknown escape
    [InlineData("x=\"1\",le=\"-1.0\"", "x=\"1,le=\"-1.0\"")]
    [InlineData("le=\"-1.0\"", "le=\"-1\"")] // not canonical
    [InlineData("le=\"-1.0\"} 1", "le=\"-1.0\"} 3")] // falls
    [InlineData("le=\"-1.0\"} 1", "le=\"-1.0\"} 1.5")] // not whole
    [InlineData("le=\"+Inf\"", "le=\"1.0\"")] // no +Inf
    [InlineData("gcount{x=\"1\"} 2", "gcount{x=\"1\"} 3")]
    [InlineData("a_seconds_gsum{x=\"1\"} -3\n", "")]
    [InlineData("# TYPE b counter\n", "# TYPE b counter\n# TYPE a_seconds gauge\n")] // interleaved
    [InlineData("gaugehistogram", "histogram")] // whose sum may not be negative
    public void A_text_that_breaks_a_rule_is_refused(string from, string to)
    {
        Assert.Contains(from, Valid, StringComparison.Ordinal);
        var text = Valid.Replace(from, to, StringComparison.Ordinal);
        Assert.ThrowsAny<Exception>(() => Parse(text));
    }

    private static List<ParsedFamily> Parse(string text) => OpenMetricsParser.Parse(Encoding.UTF8.GetBytes(text));
}
