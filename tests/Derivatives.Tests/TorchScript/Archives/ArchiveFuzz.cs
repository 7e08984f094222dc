using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Archives;

/// <summary>
/// Damages good files at random and reads them: each must be read, or be refused by a <see cref="DerivativeException"/>
/// of one line, within the memory that a file of its size may take.
/// </summary>
internal sealed class ArchiveFuzz
{
    private static readonly byte[][] Seeds = MakeSeeds();

    // Opcodes and numbers that change the meaning of a pickle more than random bytes do.
    private static readonly byte[][] Words =
    [
        [0], [1], [255], [255, 255, 255, 255], [0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 0x80], [0xff, 0xff, 0xff, 0x7f],
        .. "().012GJKMNQRXabcd}ehjl]qrstu\u0080\u0081\u0085\u0086\u0087\u0088\u0089".Select(c => new[] { (byte)c }),
        "cos\nsystem\n"u8.ToArray(), "PK\u0001\u0002"u8.ToArray(), "PK\u0005\u0006"u8.ToArray(),
    ];

    private readonly Random _random;

    private ArchiveFuzz(int seed) => _random = new Random(seed);

    /// <summary>Tries as many files; each depends on the seed and its number alone.</summary>
    /// <param name="seed">The first number.</param>
    /// <param name="count">How many files.</param>
    /// <returns>How many of them were read, and how many refused.</returns>
    internal static (int Read, int Refused) Run(int seed, int count)
    {
        int read = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] file = new ArchiveFuzz(unchecked((seed * 1_000_003) + i)).Damage();
            try
            {
                read += Check(file) ? 1 : 0;
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"seed {seed}, file {i}: {exception.Message}", exception);
            }
        }

        return (read, count - read);
    }

    /// <summary>Reads a file; true if it is good, false if it is refused.</summary>
    internal static bool Check(byte[] file)
    {
        bool isGood = false;
        long allocated = ArchiveSketch.Allocated(() => isGood = TryRead(file) is { } archive && Use(archive));
        return allocated <= ArchiveSketch.Limit(file.Length) * 2
            ? isGood
            : throw new InvalidOperationException($"{allocated} bytes were allocated for a file of {file.Length}");
    }

    private static ScriptArchive? TryRead(byte[] file)
    {
        ScriptArchive? archive = null;
        long allocated = ArchiveSketch.Allocated(() =>
        {
            try
            {
                archive = ArchiveSketch.Read(file);
            }
            catch (DerivativeException refusal) when (IsProper(refusal)) { }
        });
        return allocated <= ArchiveSketch.Limit(file.Length)
            ? archive
            : throw new InvalidOperationException($"{allocated} bytes were allocated for a file of {file.Length}");
    }

    // Another kind would be an exception of libtorch or of the runtime in disguise.
    private static bool IsProper(DerivativeException refusal) =>
        refusal.Kind == DerivativeErrorKind.InvalidArgument
        && !refusal.Message.Contains('\n', StringComparison.Ordinal);

    // All that was read can be walked, looked at and written.
    private static bool Use(ScriptArchive archive)
    {
        using var scope = NewDisposeScope();
        using (archive)
        {
            foreach (var tensor in archive.Tensors)
            {
                _ = tensor.detach().contiguous().to(float64).sum().item<double>();
            }

            try
            {
                BuiltModels.Bytes(archive);
            }
            catch (DerivativeException) { }
        }

        return true;
    }

    private byte[] Damage()
    {
        byte[] file = Seeds[_random.Next(Seeds.Length)];
        if (_random.Next(3) == 0)
        {
            return DamageBytes(file);
        }

        // The checksum of an entry is put right, so that what reads it sees the damage.
        var sketch = ZipSketch.Of(file);
        var entry = _random.Next(4) == 0
            ? sketch.Entries[_random.Next(sketch.Entries.Count)]
            : sketch.Entries.First(e => e.Name.EndsWith("/data.pkl", StringComparison.Ordinal));
        return sketch.With(entry with { Content = DamageBytes(entry.Content), Deflate = _random.Next(8) == 0 }).Bytes();
    }

    private byte[] DamageBytes(byte[] good)
    {
        List<byte> bytes = [.. good];
        for (int times = _random.Next(1, 5); times > 0 && bytes.Count > 0; times--)
        {
            int at = _random.Next(bytes.Count),
                length = Math.Min(_random.Next(1, 40), bytes.Count - at);
            switch (_random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(_random.Next(bytes.Count - length + 1), length));
                    break;
                case 4:
                    bytes.RemoveRange(at, _random.Next(8) == 0 ? bytes.Count - at : 0);
                    break;
                case 5:
                    bytes.InsertRange(at, Words[_random.Next(Words.Length)]);
                    break;
                default:
                    Overwrite(bytes, at, Words[_random.Next(Words.Length)]);
                    break;
            }
        }

        return [.. bytes];
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] word)
    {
        for (int i = 0; i < word.Length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = word[i];
        }
    }

    private static byte[][] MakeSeeds()
    {
        using var residual = BuiltModels.Build(BuiltModels.Residual);
        using var terse = BuiltModels.Build(BuiltModels.Terse, ScalarType.Float32);
        return
        [
            BuiltModels.Bytes(residual),
            BuiltModels.Bytes(terse),
            RoundTripTests.EverythingAsFile(),
            .. CaseModels.Paths.Select(File.ReadAllBytes),
        ];
    }
}
