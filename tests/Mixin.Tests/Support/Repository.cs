using CurvatureMonitor.Mixin.Output;

namespace CurvatureMonitor.Mixin.Tests.Support;

/// <summary>The committed files.</summary>
internal static class Repository
{
    public static string Root { get; } = RepositoryRoot.Find();

    public static MixinConfiguration Configuration { get; } =
        MixinConfiguration.Load(PathOf(MixinFiles.ConfigurationPath));

    public static IReadOnlyDictionary<string, string> Generated { get; } = MixinFiles.Generate(Configuration);

    public static string PathOf(string path) => Path.Combine(Root, path);

    public static string Read(string path) => File.ReadAllText(PathOf(path));

    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(PathOf(folder), pattern).Order(StringComparer.Ordinal);
}
