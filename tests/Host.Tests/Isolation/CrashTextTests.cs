using CurvatureMonitor.Host.Isolation;

namespace CurvatureMonitor.Host.Tests.Isolation;

/// <summary>What a process that dies has written.</summary>
public sealed class CrashTextTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("some warning\n", null)]
    [InlineData("terminate called without an active exception\n", "terminate called without an active exception")]
    [InlineData(
        "warning\nterminate called after throwing an instance of 'c10::Error'\n  what():  no such thing\nframe #0: f\n",
        "no such thing"
    )]
    public async Task The_reason_is_what_the_library_gave(string text, string? reason) =>
        Assert.Equal(reason, (await ReadAsync(text)).Reason);

    [Theory]
    [InlineData("terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\n", true)]
    [InlineData("Out of memory.\n", true)]
    [InlineData("Unhandled exception. System.OutOfMemoryException: no\n", true)]
    [InlineData("Unhandled exception. System.NullReferenceException: no\n", false)]
    public async Task Memory_is_told_from_bugs(string text, bool isMemory)
    {
        var crash = await ReadAsync(text);
        Assert.Equal(isMemory, crash.SpeaksOfMemory);
        Assert.Equal(!isMemory, crash.IsOwnBug);
    }

    [Fact]
    public async Task A_flood_is_cut_in_the_middle_and_says_so()
    {
        const int half = 1 << 15;
        string kept = (await ReadAsync("begin" + new string('x', 1_000_000) + "the end")).ToString();
        Assert.InRange(kept.Length, 2 * half, (2 * half) + 100);
        Assert.StartsWith("beginx", kept, StringComparison.Ordinal);
        Assert.EndsWith("xthe end", kept, StringComparison.Ordinal);
        Assert.Contains($"… {1_000_012 - (2 * half)} characters are left out …", kept, StringComparison.Ordinal);
        string whole = new('y', 2 * half);
        Assert.Equal(whole, (await ReadAsync(whole)).ToString());
    }

    private static async Task<CrashText> ReadAsync(string text)
    {
        var crash = new CrashText();
        await crash.ReadAsync(new StringReader(text));
        return crash;
    }
}
