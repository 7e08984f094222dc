using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Cluster.Tests.Connection;

/// <summary>Where credentials come from.</summary>
public sealed class BrokerCredentialTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("broker-address-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

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
