using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Storage.Tests.Transfer;

/// <summary>
/// The entry that was used longest ago goes first, whatever the clock does: the order of uses is the order of calls.
/// </summary>
public sealed class CacheFolderTests
{
    private const int Bytes = 10;

    [Fact]
    public void Entries_go_in_the_order_of_their_use_on_a_clock_that_stands()
    {
        using var root = new TemporaryFolder();
        using var folder = new CacheFolder(root["cache"], 3 * Bytes, new StandingClock());
        Add(folder, "a");
        Add(folder, "b");
        folder.Touch("a");
        Add(folder, "c");
        Add(folder, "d");
        Assert.Equal(["a", "c", "d"], Present(folder));
        Add(folder, "e");
        Assert.Equal(["c", "d", "e"], Present(folder));
    }

    private static string[] Present(CacheFolder folder) =>
        [.. "abcde".Select(name => name.ToString()).Where(name => Directory.Exists(folder.PathOf(name)))];

    private static void Add(CacheFolder folder, string entry)
    {
        Assert.True(folder.MakeRoom(entry, Bytes, []));
        string made = folder.Begin();
        File.WriteAllBytes(Path.Combine(made, "file"), new byte[Bytes]);
        folder.Commit(made, entry);
    }

    /// <summary>A clock that is behind the file system's, and stands.</summary>
    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
