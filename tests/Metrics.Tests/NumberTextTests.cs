using System.Text;
using CurvatureMonitor.Metrics.Exposition;
using CurvatureMonitor.Metrics.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Metrics.Tests;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(1e-10, "1e-10")]
    [InlineData(1e-5, "1e-05")]
    [InlineData(1e-4, "0.0001")]
    [InlineData(0.1, "0.1")]
    [InlineData(1, "1.0")]
    [InlineData(10, "10.0")]
    [InlineData(100000, "100000.0")]
    [InlineData(1e6, "1e+06")]
    [InlineData(1e10, "1e+10")]
    [InlineData(1234567, "1.234567e+06")]
    [InlineData(123456.75, "123456.75")]
    [InlineData(-0.000316, "-0.000316")]
    [InlineData(-10000, "-10000.0")]
    [InlineData(0.00001234, "1.234e-05")]
    [InlineData(double.MaxValue, "1.7976931348623157e+308")]
    [InlineData(double.Epsilon, "5e-324")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    public void Bounds_have_the_canonical_text_of_OpenMetrics(double value, string expected) =>
        Assert.Equal(expected, Bound(value));

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(431080, "431080")]
    [InlineData(1767225600.25, "1767225600.25")]
    [InlineData(9007199254740993, "9007199254740992")]
    [InlineData(1e16, "1e+16")]
    [InlineData(0.1, "0.1")]
    [InlineData(-1.5e-7, "-1.5e-07")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    public void Values_are_short_and_whole_numbers_stay_readable(double value, string expected) =>
        Assert.Equal(expected, Value(value));

    [Fact]
    public void Minus_zero_is_the_same_bound_as_zero_and_a_value_of_its_own()
    {
        Assert.Equal("0.0", Bound(-0.0));
        Assert.Equal("-0", Value(-0.0));
    }

    [Fact]
    public void Every_finite_double_reads_back_as_itself_and_its_bound_is_canonical() =>
        Prop.ForAll(Generators.Double.Where(double.IsFinite).ToArbitrary(), value =>
                SampleLine.ParseNumber(Bound(value)) == value
                && BitConverter.DoubleToInt64Bits(SampleLine.ParseNumber(Value(value)))
                    == BitConverter.DoubleToInt64Bits(value)
                && CanonicalFloat.IsCanonical(Bound(value))
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    private static string Bound(double value)
    {
        Span<byte> text = stackalloc byte[NumberText.MaxLength];
        return Encoding.ASCII.GetString(text[..NumberText.FormatBound(value, text)]);
    }

    private static string Value(double value)
    {
        Span<byte> text = stackalloc byte[NumberText.MaxLength];
        return Encoding.ASCII.GetString(text[..NumberText.FormatValue(value, text)]);
    }
}
