namespace CurvatureMonitor.Mixin;

/// <summary>Where the repository lies.</summary>
internal static class RepositoryRoot
{
    /// <summary>
    /// The folder with the solution: this program's, or one above it, or one above the current folder.
    /// </summary>
    /// <exception cref="MixinException">There is none.</exception>
    public static string Find()
    {
        foreach (var start in new[] { AppContext.BaseDirectory, Environment.CurrentDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "CurvatureMonitor.sln")))
                {
                    return folder.FullName;
                }
            }
        }

        throw new MixinException(
            "CurvatureMonitor.sln is in no folder above this one: run the tool inside the repository."
        );
    }
}
