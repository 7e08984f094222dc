using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Storage.Tests.Bundles;

/// <summary>Files that are no manifest.</summary>
public sealed class ManifestFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> NoJson =>
        new()
        {
            { "", "not valid JSON" },
            { "{", "not valid JSON" },
            { "[]", "not a JSON object" },
            { "{\"schema\":1,\"schema\":1}", "not valid JSON" },
            { "{\"loss\":NaN}", "not finite as null" },
            { "\"\\ud800\"", "not" },
        };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(NoJson))]
    public void What_is_no_JSON_object_is_refused_in_one_line(string text, string problem) =>
        BundleAssert.Refused("run.json", () => ManifestText.Parse(text), problem);

    [Fact]
    public void A_file_that_is_absent_or_far_too_large_is_refused_in_one_line()
    {
        string large = _folder.Write("large.json", new byte[2 << 20]);

        BundleAssert.Refused(_folder["absent.json"], () => RunManifest.Read(_folder["absent.json"]), "cannot be read");
        BundleAssert.Refused(large, () => RunManifest.Read(large), "more than");
    }
}
