using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Tests.Bundles;

/// <summary>Probe sets of several named inputs.</summary>
public sealed class ProbeInputTests : IDisposable
{
    private static readonly TensorContent Targets = TensorContent.From("targets", [3], new long[] { 0, 1, 1 });

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string[], string[]> Mistakes =>
        new()
        {
            { "none of the name", ["ids", "mask", "x"], ["'inputs.x' is missing", "inputs.ids", "inputs.mask"] },
            { "other samples", ["ids", "mask"], ["'inputs.mask' has the shape [2, 2], and 'inputs.ids' [3, 2]"] },
            { "no samples", ["ids", "mask"], ["'inputs.mask' has the shape []"] },
            { "other targets", ["ids"], ["'targets' is I64 [3]", "whole numbers [2]"] },
            { "one that is not named", ["ids"], ["'inputs.mask' is none of the inputs that run.json names"] },
            { "no truth", ["ids", "mask"], ["'inputs.mask' holds 2 at element 3; write 0 or 1"] },
            { "NaN", ["ids", "x"], ["'inputs.x' holds NaN at element 1"] },
            { "without names", [], ["'inputs' is missing", "inputs.ids"] },
        };

    private string Path => _folder["probe.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Any_inputs_that_are_written_are_read_back_in_the_order_of_their_names()
    {
        var random = new Random(7);
        for (int round = 0; round < 40; round++)
        {
            int samples = random.Next(1, 6);
            Made[] made = [.. Enumerable.Range(0, random.Next(1, 5)).Select(i => Make(random, $"α {i}", samples))];
            long[] labels = new long[samples];
            SafetensorsWriter.WriteFile(
                Path,
                [TensorContent.From("targets", [samples], labels), .. made.Select(input => input.Content)]
            );
            string[] names = [.. made.Select(input => input.Name)];
            random.Shuffle(names);

            ProbeSet read = ProbeSet.Read(Path, Loss.CrossEntropy, names);
            read.Write(Path);
            ProbeSet again = ProbeSet.Read(Path, Loss.CrossEntropy, names);

            long[] chosen = [samples - 1, 0, samples - 1];
            (ProbeSet, long[]?)[] sets = [(read, null), (again, null), (again.Select(chosen), chosen)];
            foreach ((ProbeSet set, long[]? rows) in sets)
            {
                Assert.Equal(names, set.Inputs.Select(input => input.Name));
                Assert.Equal(set.Inputs[0].Shape[0], set.Count);
                foreach (ProbeInput input in set.Inputs)
                {
                    Made expected = made.Single(one => one.Name == input.Name);
                    Assert.Equal(expected.Shape[1..], input.Shape.Skip(1));
                    Assert.Equal(Rows(expected, rows), Values(input));
                }
            }

            // Numbers that are stored as float64 stay so.
            bool isWide = made.Any(input => input.Content.Type == TensorType.Float64);
            Assert.Equal(isWide ? ElementType.Float64 : ElementType.Float32, again.ElementType);
        }
    }

    [Fact]
    public void Truth_values_stay_so_where_they_have_a_name()
    {
        SafetensorsWriter.WriteFile(Path, [Truths("inputs.mask", [3, 2], 1, 0, 0, 1, 1, 1), Targets]);
        ProbeInput named = ProbeSet.Read(Path, Loss.CrossEntropy, ["mask"]).Inputs[0];
        Assert.Equal([true, false, false, true, true, true], named.Truths.ToArray());
        Assert.True(named.Wholes.IsEmpty && named.Numbers.IsEmpty);

        // As bundles of one input without a name have always been read.
        SafetensorsWriter.WriteFile(Path, [Truths("inputs", [3, 2], 1, 0, 0, 1, 1, 1), Targets]);
        ProbeInput plain = ProbeSet.Read(Path, Loss.CrossEntropy).Inputs[0];
        Assert.Equal([1L, 0, 0, 1, 1, 1], plain.Wholes.ToArray());
        Assert.True(plain.Truths.IsEmpty);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Inputs_that_do_not_suit_are_refused_in_one_line_that_names_the_tensor(
        string mistake,
        string[] names,
        string[] fragments
    )
    {
        TensorContent ids = TensorContent.From("inputs.ids", [3, 2], new long[6]);
        TensorContent mask = Truths("inputs.mask", [3, 2], 1, 0, 0, 1, 1, 1);
        TensorContent[] contents = mistake switch
        {
            "none of the name" or "one that is not named" => [ids, mask, Targets],
            "other samples" => [ids, Truths("inputs.mask", [2, 2], 1, 0, 0, 1), Targets],
            "no samples" => [ids, Truths("inputs.mask", [], 1), Targets],
            "other targets" => [TensorContent.From("inputs.ids", [2, 2], new long[4]), Targets],
            "no truth" => [ids, Truths("inputs.mask", [3, 2], 1, 0, 0, 2, 1, 1), Targets],
            "NaN" => [ids, TensorContent.From("inputs.x", [3, 1], new[] { 1, double.NaN, 2 }), Targets],
            "without names" => [ids, Targets],
            _ => throw new ArgumentOutOfRangeException(nameof(mistake)),
        };
        SafetensorsWriter.WriteFile(Path, contents);

        string[]? given = names.Length == 0 ? null : names;
        BundleAssert.Refused(Path, () => ProbeSet.Read(Path, Loss.CrossEntropy, given), fragments);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[\"ids\",\"ids\"]")]
    [InlineData("[\"ids\",\"\"]")]
    [InlineData("\"ids\"")]
    [InlineData("[7]")]
    public void Names_that_are_none_are_refused(string value) =>
        BundleAssert.Refused("run.json", () => ManifestText.Parse(ManifestText.Replace("inputs", value)), "'inputs'");

    [Fact]
    public void A_bundle_holds_the_inputs_that_its_manifest_names()
    {
        SafetensorsWriter.WriteFile(
            Path,
            [TensorContent.From("inputs.ids", [3, 2], new long[6]), Truths("inputs.mask", [3, 1], 1, 0, 0), Targets]
        );
        ProbeSet probe = ProbeSet.Read(Path, Loss.CrossEntropy, ["mask", "ids"]);
        RunManifest manifest = ManifestText.Parse(ManifestText.Replace("inputs", "[\"mask\",\"ids\"]"));
        RunBundle.Create(_folder["run"], manifest, probe, path => File.WriteAllText(path, string.Empty));

        RunBundle bundle = RunBundle.Open(_folder["run"]);
        Assert.Equal(["mask", "ids"], bundle.Manifest.Inputs!);
        Assert.Equal("mask [3, 1], ids [3, 2]", bundle.ReadProbe().InputText);
        Assert.Throws<ArgumentException>(() =>
            RunBundle.Create(_folder["other"], manifest with { Inputs = ["ids", "mask"] }, probe, _ => { })
        );
        Assert.Throws<ArgumentException>(() =>
            RunBundle.Create(_folder["other"], manifest with { Inputs = null }, probe, _ => { })
        );
    }

    private static Made Make(Random random, string name, int samples)
    {
        long[] shape = [samples, .. Enumerable.Range(0, random.Next(3)).Select(_ => (long)random.Next(1, 4))];
        int count = (int)shape.Aggregate(1L, (product, extent) => product * extent);
        double[] values = [.. Enumerable.Range(0, count).Select(_ => Math.Round((random.NextDouble() * 8) - 4))];
        string full = "inputs." + name;
        return random.Next(5) switch
        {
            0 => new(name, shape, values, TensorContent.From(full, shape, values)),
            1 => new(name, shape, values, TensorContent.From(full, shape, Array.ConvertAll(values, v => (float)v))),
            2 => new(name, shape, values, TensorContent.From(full, shape, Array.ConvertAll(values, v => (long)v))),
            3 => new(
                name,
                shape,
                values,
                TensorContent.FromBytes(full, TensorType.Int8, shape, Array.ConvertAll(values, v => (byte)(sbyte)v))
            ),
            _ => new(
                name,
                shape,
                Array.ConvertAll(values, v => v > 0 ? 1.0 : 0),
                Truths(full, shape, Array.ConvertAll(values, v => v > 0 ? (byte)1 : (byte)0))
            ),
        };
    }

    private static double[] Values(ProbeInput input) =>
        [
            .. input.Numbers.ToArray(),
            .. input.Wholes.ToArray().Select(value => (double)value),
            .. input.Truths.ToArray().Select(value => value ? 1.0 : 0),
        ];

    private static IEnumerable<double> Rows(Made input, long[]? chosen)
    {
        int width = input.Values.Length / (int)input.Shape[0];
        return chosen is null ? input.Values : chosen.SelectMany(n => input.Values.Skip((int)n * width).Take(width));
    }

    private static TensorContent Truths(string name, long[] shape, params byte[] values) =>
        TensorContent.FromBytes(name, TensorType.Bool, shape, values);

    private sealed record Made(string Name, long[] Shape, double[] Values, TensorContent Content);
}
