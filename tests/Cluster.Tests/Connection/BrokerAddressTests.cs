using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Contracts.Errors;
using FsCheck.Fluent;
using Check = FsCheck.Check;

namespace CurvatureMonitor.Cluster.Tests.Connection;

public sealed class BrokerAddressTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("broker-address-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

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
                catch (ArgumentException exception)
                {
                    Assert.DoesNotContain(secret, exception.Message, StringComparison.Ordinal);
                    Assert.DoesNotContain('\n', exception.Message);
                }
            }));
    }

    [Theory]
    [InlineData("amqp://h", "h", 5672, "/", false)]
    [InlineData("amqp://h/", "h", 5672, "/", false)]
    [InlineData("amqps://h", "h", 5671, "/", true)]
    [InlineData("AMQP://h:1/curvature", "h", 1, "curvature", false)]
    [InlineData("amqp://[::1]:7/%2Fcurvature", "::1", 7, "/curvature", false)]
    [InlineData("amqp://10.0.0.1/a%20b", "10.0.0.1", 5672, "a b", false)]
    public void An_address_without_some_parts_has_the_usual_ones(
        string url,
        string host,
        int port,
        string virtualHost,
        bool tls
    )
    {
        var address = Parse(url);
        Assert.Equal(
            (host, port, virtualHost, tls),
            (address.Host, address.Port, address.VirtualHost, address.UsesTls)
        );
        Assert.Equal("guest", address.User);
        var factory = address.CreateFactory("a name");
        Assert.False(factory.AutomaticRecoveryEnabled);
        Assert.False(factory.TopologyRecoveryEnabled);
        Assert.Equal(TimeSpan.FromSeconds(10), factory.RequestedHeartbeat);
        Assert.Equal("a name", factory.ClientProvidedName);
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

    [Fact]
    public void Credentials_come_from_the_file_or_the_environment_where_the_address_has_none()
    {
        string file = Path.Combine(_folder, "credentials");
        File.WriteAllText(file, "fi:le:word\nmore\n");
        var environment = new Dictionary<string, string>
        {
            ["CURVATURE_BROKER_USER"] = "en",
            ["CURVATURE_BROKER_PASSWORD"] = "v",
        };
        Assert.Equal(("fi", "le:word"), Given("amqp://h", file, environment));
        Assert.Equal(("en", "v"), Given("amqp://h", null, environment));
        Assert.Equal(("own", "v"), Given("amqp://own@h", null, environment));
        Assert.Equal(("own", "p"), Given("amqp://own:p@h", null, environment));
        Assert.Contains("both name a user", Refused("amqp://own:p@h", file, environment), StringComparison.Ordinal);
        environment.Remove("CURVATURE_BROKER_USER");
        Assert.Contains(
            "CURVATURE_BROKER_USER is not: set both",
            Refused("amqp://h", null, environment),
            StringComparison.Ordinal
        );
        Assert.Contains("cannot be read", Refused("amqp://h", file + ".no", environment), StringComparison.Ordinal);
        File.WriteAllText(file, "word without a colon");
        Assert.Contains(
            "write user:password in its first line",
            Refused("amqp://h", file, environment),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("word without", Refused("amqp://h", file, environment), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_certificates_must_have_some_and_be_of_use()
    {
        string file = Path.Combine(_folder, "ca.pem");
        File.WriteAllText(file, "nothing");
        Assert.Contains(
            "no certificate in PEM",
            Assert.Throws<UserErrorException>(() => BrokerAddress.Parse("amqps://h", caFile: file)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "cannot be read",
            Assert.Throws<UserErrorException>(() => BrokerAddress.Parse("amqps://h", caFile: file + ".no")).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "amqps://",
            Assert.Throws<UserErrorException>(() => BrokerAddress.Parse("amqp://h", caFile: file)).Message,
            StringComparison.Ordinal
        );
    }

    private static BrokerAddress Parse(string url) => BrokerAddress.Parse(url, environment: _ => null);

    private static (string, string) Given(string url, string? file, Dictionary<string, string> environment)
    {
        var factory = BrokerAddress.Parse(url, file, environment: environment.GetValueOrDefault).CreateFactory("test");
        return (factory.UserName, factory.Password);
    }

    private static string Refused(string url, string? file, Dictionary<string, string> environment) =>
        Assert
            .Throws<UserErrorException>(() =>
                BrokerAddress.Parse(url, file, environment: environment.GetValueOrDefault)
            )
            .Message;
}
