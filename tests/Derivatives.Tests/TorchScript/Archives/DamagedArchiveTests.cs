using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Archives;

/// <summary>Damaged files are read or refused; nothing else happens.</summary>
public sealed class DamagedArchiveTests
{
    // For a longer search: CURVATURE_FUZZ=200000 CURVATURE_FUZZ_SEED=7 dotnet test … --filter ~DamagedArchiveTests
    [Fact]
    public void Many_damaged_files_are_read_or_refused()
    {
        int count = Setting("CURVATURE_FUZZ", 1500);
        var (read, refused) = ArchiveFuzz.Run(Setting("CURVATURE_FUZZ_SEED", 1), count);
        Assert.InRange(read, count / 100, count);
        Assert.InRange(refused, count / 100, count);
    }

    [Fact]
    public void Any_bytes_in_a_pickle_are_read_or_refused()
    {
        var property = Prop.ForAll(
            ArbMap.Default.ArbFor<byte[]>(),
            bytes =>
            {
                ArchiveFuzz.Check(ArchiveSketch.Zip(PickleSketch.Pickle(bytes)).Bytes());
                ArchiveFuzz.Check([.. "PK\u0003\u0004"u8, .. bytes]);
                ArchiveFuzz.Check(bytes);
            }
        );
        property.QuickCheckThrowOnFailure();
    }

    private static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out int given) ? given : usual;
}
