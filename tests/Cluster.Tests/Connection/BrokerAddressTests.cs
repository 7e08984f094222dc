using CurvatureMonitor.Cluster.Connection;
using FsCheck.Fluent;
using Check = FsCheck.Check;

namespace CurvatureMonitor.Cluster.Tests.Connection;

/// <summary>The parts of an address.</summary>
public sealed class BrokerAddressTests
{
    [Fact]
    public void Any_user_password_and_virtual_host_arrive_as_they_were_and_the_text_shows_no_secret()
    {
        var words = Gen.Elements("a", "/", ":", "@", "%", "?", "#", " ", "é", "𝛌", "%2F", "..", "+", "[", "]", "\\")
            .ListOf()
            .Select(parts => string.Concat(parts));
        var secrets = words.Select(word => "§" + word);
        var cases =
            from user in words.Where(word => word.Length > 0)
            from password in secrets
            from virtualHost in words.Where(word => word.Length is > 0 and < 60)
            from port in Gen.Choose(1, 65535)
            from tls in Gen.Elements(true, false)
            select (user, password, virtualHost, port, tls);
        Check.QuickThrowOnFailure(Prop.ForAll(cases.ToArbitrary(), drawn =>
            {
                string scheme = drawn.tls ? "amqps" : "amqp";
                var address = Parse(
                    $"{scheme}://{Uri.EscapeDataString(drawn.user)}:{Uri.EscapeDataString(drawn.password)}@"
                        + $"broker.example:{drawn.port}/{Uri.EscapeDataString(drawn.virtualHost)}"
                );
                var factory = address.CreateFactory("test");
                Assert.Equal(
                    (drawn.user, drawn.password, drawn.virtualHost),
                    (factory.UserName, factory.Password, factory.VirtualHost)
                );
                Assert.Equal(
                    ("broker.example", drawn.port, drawn.tls),
                    (factory.HostName, factory.Port, factory.Ssl.Enabled)
                );
                Assert.DoesNotContain("§", address.ToString(), StringComparison.Ordinal);
                Assert.DoesNotContain("%C2%A7", address.ToString(), StringComparison.Ordinal);

                // What it prints, given credentials of its own, is the same place.
                var again = Parse(address.ToString());
                Assert.Equal(
                    (address.Host, address.Port, address.VirtualHost, address.UsesTls),
                    (again.Host, again.Port, again.VirtualHost, again.UsesTls)
                );
            }));
    }

    private static BrokerAddress Parse(string url) => BrokerAddress.Parse(url, environment: _ => null);
}
