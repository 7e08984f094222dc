using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Contracts.Errors;
using FsCheck.Fluent;
using Check = FsCheck.Check;

namespace CurvatureMonitor.Cluster.Tests.Connection;

/// <summary>Addresses that are wrong.</summary>
public sealed class BrokerAddressMistakeTests
{
    [Fact]
    public void Damaged_addresses_are_refused_in_one_line_that_never_shows_the_password()
    {
        const string secret = "tOpSeCrEt";
        string whole = $"amqp://user:{secret}@[::1]:5672/%2Fv";
        var cases =
            from place in Gen.Choose(0, whole.Length)
            from removed in Gen.Choose(0, 6)
            from put in Gen.Elements("", "/", "@", "#", ":", "%", "%zz", "[", "]", "?", "\n", "\0", "é")
            select (place, removed, put);
        Check.QuickThrowOnFailure(Prop.ForAll(cases.ToArbitrary(), drawn =>
            {
                // What is left of the password must not be shown, wherever the parts are cut.
                string damaged = whole
                    .Remove(drawn.place, Math.Min(drawn.removed, whole.Length - drawn.place))
                    .Insert(drawn.place, drawn.put);
                try
                {
                    Assert.DoesNotContain(secret, Parse(damaged).ToString(), StringComparison.Ordinal);
                }
                catch (UserErrorException exception)
                {
                    Assert.DoesNotContain(secret, exception.Message, StringComparison.Ordinal);
                    Assert.DoesNotContain('\n', exception.Message);
                }
            }));
    }

    [Theory]
    [InlineData("broker:5672", "it is no address of a broker")]
    [InlineData("http://h/", "it is no address of a broker")]
    [InlineData("", "it is no address of a broker")]
    [InlineData("amqp://", "names no host")]
    [InlineData("amqp://u:p@/v", "names no host")]
    [InlineData("amqp://a b/v", "'a b' is no name of a host")]
    [InlineData("amqp://h:0", "'0' is no port")]
    [InlineData("amqp://h:65536", "'65536' is no port")]
    [InlineData("amqp://u:word/h", "what follows the ':' of the host is no port")]
    [InlineData("amqp://h:/v", "no number after the ':'")]
    [InlineData("amqp://h//curvature", "write it as %2F")]
    [InlineData("amqp://h/v?heartbeat=5", "nothing may follow the virtual host")]
    [InlineData("amqp://u:p/w@h/v", "percent-encode it")]
    [InlineData("amqp://u:p%zz@h/v", "the password has a '%' without two digits")]
    [InlineData("amqp://u:%FF@h/v", "no text in UTF-8")]
    [InlineData("amqp://u@h/v", "names a user and no password: set CURVATURE_BROKER_PASSWORD")]
    public void A_wrong_part_is_named_in_one_line(string url, string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<UserErrorException>(() => Parse(url)).Message,
            StringComparison.Ordinal
        );

    private static BrokerAddress Parse(string url) => BrokerAddress.Parse(url, environment: _ => null);
}
