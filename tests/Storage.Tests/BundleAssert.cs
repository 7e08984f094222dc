namespace CurvatureMonitor.Storage.Tests;

internal static class BundleAssert
{
    /// <summary>The action is refused in one line that names the file and has a remedy and every fragment.</summary>
    public static BundleException Refused(string file, Action action, params string[] fragments)
    {
        var error = Assert.Throws<BundleException>(action);
        IsOneLine(error);
        Assert.StartsWith(file, error.Message, StringComparison.Ordinal);
        Assert.All(fragments, fragment => Assert.Contains(fragment, error.Message, StringComparison.Ordinal));
        return error;
    }

    public static void IsOneLine(BundleException error)
    {
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.InRange(error.Message.Length, 1, 2000);
        Assert.NotEmpty(error.Remedy);
        Assert.EndsWith(error.Remedy, error.Message, StringComparison.Ordinal);
    }
}
