using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Journals;
using CurvatureMonitor.Storage.Stores;

namespace CurvatureMonitor.Storage.Tests.Formats;

/// <summary>What an earlier server kept is found where it kept it.</summary>
public sealed class EarlierDataDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EarlierDataDirectoryTests()
    {
        foreach (string folder in new[] { "history", "bundles", "staging", "cluster" })
        {
            Directory.CreateDirectory(_folder[folder]);
        }

        File.WriteAllText(_folder["serve.lock"], "");
        File.WriteAllText(_folder["cluster/instance"], "0123456789ab");
        File.Copy(EarlierFiles.PathOf(EarlierFiles.Events), _folder["history/r.jsonl"]);
        Directory.Move(EarlierFiles.Copy("adam-run", _folder), _folder["bundles/adam-run"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Histories_bundles_and_the_name_in_the_cluster_are_found()
    {
        using var data = DataDirectory.Open(_folder[""]);
        Assert.Equal([data.JournalPath("r")], data.Journals());
        Assert.Equal("r", RunJournal.ReadHeader(data.JournalPath("r"))!.Run);
        Assert.Equal("0123456789ab", data.Instance());
        Assert.Equal("adam-run", RunBundle.Open(data.BundlePath("adam-run")).Manifest.Run);
    }

    [Fact]
    public void A_store_finds_the_checkpoints_of_a_bundle()
    {
        using var store = new DirectoryCheckpointStore();
        store.Attach(RunBundle.Open(_folder["bundles/adam-run"]), EarlierBundleTests.Layout);
        Assert.Equal([100, 200], store.Steps("adam-run"));
        Assert.True(store.TryGetLatest("adam-run", out var latest));
        using (latest)
        {
            Assert.Equal((200L, 200L), (latest.Step, latest.Info.OptimizerStep));
        }
    }
}
