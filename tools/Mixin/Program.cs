// Turns grafana/mixin.json into rules, alerts, dashboards and the list of their expressions:
//
// dotnet run --project tools/Mixin writes what is generated dotnet run --project tools/Mixin -- --check says what is
// stale, and fails when something is
using CurvatureMonitor.Mixin;
using CurvatureMonitor.Mixin.Output;

if (args is not ([] or ["--check"]))
{
    Console.Error.WriteLine("usage: dotnet run --project tools/Mixin [-- --check]");
    return 2;
}

try
{
    var root = RepositoryRoot.Find();
    var stale = 0;
    foreach (
        var (path, text) in MixinFiles.Generate(
            MixinConfiguration.Load(Path.Combine(root, MixinFiles.ConfigurationPath))
        )
    )
    {
        var file = Path.Combine(root, path);
        if (File.Exists(file) && File.ReadAllText(file) == text)
        {
            continue;
        }

        stale++;
        Console.WriteLine(args.Length > 0 ? $"stale    {path}" : $"written  {path}");
        if (args.Length == 0)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }

    return args.Length > 0 && stale > 0 ? 1 : 0;
}
catch (MixinException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
