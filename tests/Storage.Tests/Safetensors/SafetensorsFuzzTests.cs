using System.Diagnostics;
using System.Globalization;
using System.Text;
using CurvatureMonitor.Storage.Safetensors;
using Xunit.Abstractions;

namespace CurvatureMonitor.Storage.Tests.Safetensors;

/// <summary>
/// Files that were damaged at random: each is read whole or refused in one line, and takes no more memory than the file
/// itself explains. A longer search: <c>CURVATURE_FUZZ_SECONDS=120 dotnet test tests/Storage.Tests --filter
/// Fuzz</c>; <c>CURVATURE_FUZZ_SEED</c> chooses another one.
/// </summary>
public sealed class SafetensorsFuzzTests(ITestOutputHelper output) : IDisposable
{
    // What opening takes whatever the file: handle, paths, the exception's text and stack. Reading a header takes its
    // bytes, its names as UTF-16 in several tables that grow by doubling, and an object for each tensor, which has at
    // least some 50 bytes of JSON.
    private const long Fixed = 64 * 1024;
    private const long TimesTheFile = 12;

    // Pieces that headers are made of, and numbers at which arithmetic breaks.
    private static readonly string[] Tokens =
    [
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\"dtype\":",
        "\"shape\":",
        "\"data_offsets\":",
        "\"F32\"",
        "\"F64\"",
        "\"BF16\"",
        "\"I64\"",
        "\"BOOL\"",
        "\"__metadata__\":",
        "\"a\":",
        "null",
        "true",
        "0",
        "1",
        "-1",
        "8",
        "16",
        "4294967296",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551616",
        "1e308",
        "1e999",
        "0.5",
        "\\u0000",
        "\\ud800",
        "\u00e9",
        " ",
        "[0,0]",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void No_damaged_file_crashes_the_reader_or_makes_it_take_more_memory_than_the_file_explains()
    {
        double seconds = Setting("CURVATURE_FUZZ_SECONDS", 2);
        int seed = (int)Setting("CURVATURE_FUZZ_SEED", 20260301);
        var random = new Random(seed);
        string path = _folder["fuzz.safetensors"];
        byte[][] seeds = Seeds();
        var (files, read, largest) = (0L, 0L, 0.0);
        Try(path, seeds[0]); // what the runtime loads once is not the file's
        Try(path, seeds[0][..^1]);
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
        {
            byte[] file = Mutate(seeds[random.Next(seeds.Length)], random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            bool whole;
            try
            {
                whole = Try(path, file);
            }
            catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
            {
                throw new InvalidOperationException($"seed {seed}, file {files}: {Kept(file)}", failure);
            }

            long taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(
                taken <= Fixed + (TimesTheFile * file.Length),
                $"seed {seed}, file {files}: {taken} bytes for a file of {file.Length}"
            );
            files++;
            read += whole ? 1 : 0;
            largest = Math.Max(largest, taken - Fixed < 0 ? 0 : (taken - Fixed) / (double)Math.Max(1, file.Length));
        }

        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"seed {seed}: {files} files in {seconds} s, {read} read, the others refused; most memory beyond "
                    + $"{Fixed} bytes: {largest:0.00} times the file"
            )
        );
        Assert.InRange(read, 1, files - 1);
    }

    /// <returns>Whether the file was read whole.</returns>
    private static bool Try(string path, byte[] content)
    {
        File.WriteAllBytes(path, content);
        try
        {
            using var file = SafetensorsFile.Open(path);
            long total = file.Tensors.Sum(tensor => tensor.End - tensor.Begin);
            Assert.InRange(total, 0, content.Length);
            foreach (var tensor in file.Tensors)
            {
                file.Read(tensor, new double[tensor.Count]);
            }

            return true;
        }
        catch (BundleException refused)
        {
            BundleAssert.IsOneLine(refused);
            return false;
        }
    }

    // A short file can be looked at; a long one is made again from the seed.
    private static string Kept(byte[] file) =>
        file.Length <= 1000 ? Convert.ToBase64String(file) : $"{file.Length} bytes";

    private static byte[] Mutate(byte[] original, Random random)
    {
        byte[] file = [.. original];
        for (int change = random.Next(1, 5); change > 0; change--)
        {
            int at = random.Next(file.Length + 1);
            switch (random.Next(7))
            {
                case 0 when at < file.Length:
                    file[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < file.Length:
                    file[at] = (byte)random.Next(256);
                    break;
                case 2:
                    file = file[..at];
                    break;
                case 3:
                    byte[] more = new byte[random.Next(1, 40)];
                    random.NextBytes(more);
                    file = [.. file[..at], .. more, .. file[at..]];
                    break;
                case 4:
                    file = Replace(
                        file,
                        at,
                        Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]),
                        random.Next(4)
                    );
                    break;
                case 5 when file.Length >= 8:
                    BitConverter.TryWriteBytes(
                        file,
                        random.Next(4) == 0 ? random.NextInt64() : random.Next(file.Length + 20)
                    );
                    break;
                default:
                    int end = random.Next(at, file.Length + 1);
                    file = [.. file[..end], .. file[at..]];
                    break;
            }

            if (file.Length > 1 << 16)
            {
                file = file[..(1 << 16)];
            }
        }

        // Half of the headers get a length that is right, so that the damage is looked at.
        if (file.Length >= 8 && random.Next(2) == 0 && Array.LastIndexOf(file, (byte)'}') is > 8 and var last)
        {
            BitConverter.TryWriteBytes(file, (long)(last - 7));
        }

        return file;
    }

    private static byte[] Replace(byte[] file, int at, byte[] token, int over) =>
        [.. file[..at], .. token, .. file[Math.Min(file.Length, at + over)..]];

    private static byte[][] Seeds()
    {
        string many = string.Join(
            ',',
            Enumerable
                .Range(0, 200)
                .Select(i =>
                    $$"""
                        "layer.{{i}}.weight":{"dtype":"F16","shape":[2,1],"data_offsets":[{{4 * i}},{{4 * (i + 1)}}]}
                        """
                )
        );
        return
        [
            RawFile.Make(
                """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"""
                    + ""","b":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""",
                new byte[16]
            ),
            RawFile.Make(
                """{"__metadata__":{"format":"pt"},"x":{"dtype":"BF16","shape":[2,2],"data_offsets":[0,8]}"""
                    + ""","n":{"dtype":"I64","shape":[],"data_offsets":[8,16]}}""",
                new byte[16]
            ),
            RawFile.Make("{" + many + "}", new byte[800]),
            RawFile.Make("{}"),
        ];
    }

    private static double Setting(string name, double otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? double.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;
}
