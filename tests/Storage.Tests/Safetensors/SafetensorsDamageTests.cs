using FsCheck;
using FsCheck.Fluent;
using static CurvatureMonitor.Storage.Tests.Safetensors.DamagedSafetensors;

namespace CurvatureMonitor.Storage.Tests.Safetensors;

/// <summary>Random damage.</summary>
public sealed class SafetensorsDamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Random_damage_is_either_harmless_or_refused_in_one_line_and_allocates_no_more_than_the_file_explains()
    {
        byte[] good = RawFile.Make(Good, new byte[16]);
        var damage =
            from edits in (
                from at in Gen.Choose(0, good.Length - 1)
                from value in Gen.Choose(0, 255)
                select (at, value: (byte)value)
            ).ListOf(3)
            from length in Gen.Frequency((3, Gen.Constant(good.Length)), (1, Gen.Choose(0, good.Length)))
            select (edits, length);
        Prop.ForAll(damage.ToArbitrary(), input =>
            {
                byte[] bytes = [.. good];
                foreach ((int at, byte value) in input.edits)
                {
                    bytes[at] = value;
                }

                WholeRead.OpenAndRead(_folder.Write("fuzz.safetensors", bytes[..input.length]));
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }
}
