using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Storage.Tests.Bundles;

/// <summary>What <c>run.json</c> says of casts to types of less precision.</summary>
public sealed class AutocastTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\"off\"", AutocastMode.Off)]
    [InlineData("\"keep\"", AutocastMode.Keep)]
    [InlineData("null", null)]
    [InlineData("", null)]
    public void It_is_read_and_written_again(string text, AutocastMode? expected)
    {
        RunManifest manifest = Parsed(text);
        Assert.Equal(expected, manifest.Autocast);
        manifest.Write(_folder["run.json"]);
        Assert.Equal(expected, RunManifest.Read(_folder["run.json"]).Autocast);
    }

    [Theory]
    [InlineData("\"on\"")]
    [InlineData("\"Keep\"")]
    [InlineData("true")]
    [InlineData("[\"keep\"]")]
    public void Another_word_is_refused(string text) =>
        BundleAssert.Refused("run.json", () => Parsed(text), "'autocast'");

    [Fact]
    public void Casts_that_are_done_without_are_as_good_as_not_told_and_kept_ones_make_another_run()
    {
        byte[] Identity(string text)
        {
            File.WriteAllText(_folder["run.json"], ManifestText.Replace("autocast", text));
            return RunManifestJson.Identity(_folder["run.json"]);
        }

        Assert.Equal(Identity(""), Identity("\"off\""));
        Assert.NotEqual(Identity("\"off\""), Identity("\"keep\""));
    }

    private static RunManifest Parsed(string text) => ManifestText.Parse(ManifestText.Replace("autocast", text));
}
