using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Storage.Tests.Safetensors;

/// <summary>Random headers.</summary>
public sealed class SafetensorsHeaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Random_headers_of_likely_parts_are_either_harmless_or_refused_in_one_line()
    {
        Gen<string> part = Gen.Elements(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"a\"",
            "\"b\"",
            "\"dtype\"",
            "\"shape\"",
            "\"data_offsets\"",
            "\"F32\"",
            "\"__metadata__\"",
            "0",
            "4",
            "8",
            "-1",
            "1e3",
            "9223372036854775807",
            "null",
            "true",
            "\"\\u0000\"",
            " "
        );
        Gen<string> header = Gen.Choose(0, 30)
            .SelectMany(count => part.ArrayOf(count))
            .Select(parts => "{\"a\":{" + string.Concat(parts));
        Prop.ForAll(header.ToArbitrary(), text =>
                WholeRead.OpenAndRead(_folder.Write("fuzz.safetensors", RawFile.Make(text, new byte[8])))
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }
}
