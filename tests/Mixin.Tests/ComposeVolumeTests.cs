using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>Images and volumes.</summary>
public sealed class ComposeVolumeTests
{
    [Fact]
    public async Task Every_image_is_pinned_or_built_from_a_file_that_is_there()
    {
        foreach (var (name, service) in await ComposeFile.ServicesAsync())
        {
            if (service["build"] is { } build)
            {
                Assert.True(
                    File.Exists(
                        Repository.PathOf(
                            Path.Combine(ComposeFile.Folder, (string)build["context"]!, (string)build["dockerfile"]!)
                        )
                    ),
                    name
                );
                continue;
            }

            Assert.Matches(@"^[a-z]+/[a-z]+:v?\d+\.\d+\.\d+$", (string)service["image"]!);
        }
    }

    [Fact]
    public async Task Every_volume_is_declared_and_every_folder_that_is_mounted_is_there()
    {
        var declared = (await Yaml.ReadAsync("deploy/compose.yaml"))[0]["volumes"]!
            .AsObject()
            .Select(volume => volume.Key)
            .ToList();
        foreach (
            var mount in (await ComposeFile.ServicesAsync()).SelectMany(service => ComposeFile.Mounts(service.Service))
        )
        {
            Assert.True(
                mount.Source.StartsWith('.')
                    ? Directory.Exists(Repository.PathOf(Path.Combine(ComposeFile.Folder, mount.Source)))
                    : declared.Contains(mount.Source),
                mount.Source
            );
        }
    }
}
