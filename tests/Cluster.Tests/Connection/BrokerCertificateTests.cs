using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Cluster.Tests.Connection;

/// <summary>Files of certificates.</summary>
public sealed class BrokerCertificateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("broker-address-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

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
}
