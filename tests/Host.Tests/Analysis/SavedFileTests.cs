using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CurvatureMonitor.Host.Tests.Commands;

namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>Results as NumPy opens them.</summary>
public sealed class SavedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_npz_holds_the_numbers_of_the_document()
    {
        TinyBundle.Write(_folder["tiny"], TinyBundle.Linear, 7);
        using var process = HostProcess.Start("analyze", _folder["tiny"], "--json", "--out", _folder["tiny.npz"]);
        Assert.Equal(0, await process.ExitCodeAsync());
        var document = JsonDocument.Parse(process.Output).RootElement;
        using var archive = ZipFile.OpenRead(_folder["tiny.npz"]);

        var (type, shape, data) = Parse(archive, "operators/hessian/eigenvalues.npy");
        double[] eigenvalues =
        [
            .. document
                .GetProperty("operators")
                .GetProperty("hessian")
                .GetProperty("eigenvalues")
                .EnumerateArray()
                .Select(value => value.GetDouble()),
        ];
        Assert.Equal("<f8", type);
        Assert.Equal($"({eigenvalues.Length},)", shape);
        Assert.Equal(
            eigenvalues,
            Enumerable.Range(0, eigenvalues.Length).Select(i => BitConverter.ToDouble(data, 8 * i))
        );

        (type, shape, data) = Parse(archive, "step.npy");
        Assert.Equal(("<i8", "()", 7L), (type, shape, BitConverter.ToInt64(data)));
        (type, shape, data) = Parse(archive, "run.npy");
        Assert.Equal(("<U4", "()", "tiny"), (type, shape, Encoding.UTF32.GetString(data)));
        (type, shape, data) = Parse(archive, "operators/hessian/converged.npy");
        Assert.Equal(("|b1", "()", 1), (type, shape, Assert.Single(data)));

        await AssertNumPyAgreesAsync(eigenvalues);
    }

    // Written from the format's description, apart from the product's own reader.
    private static (string Type, string Shape, byte[] Data) Parse(ZipArchive archive, string name)
    {
        using var stream = archive.GetEntry(name)!.Open();
        using var reader = new BinaryReader(stream, Encoding.Latin1);
        Assert.Equal("\u0093NUMPY\u0001\0", new string(reader.ReadChars(8)));
        string header = new(reader.ReadChars(reader.ReadUInt16()));
        Assert.EndsWith("\n", header, StringComparison.Ordinal);
        Assert.Contains("'fortran_order': False", header, StringComparison.Ordinal);
        string type = Between(header, "'descr': '", "'");
        string shape = Between(header, "'shape': ", ")") + ")";
        return (type, shape, reader.ReadBytes(1 << 20));
    }

    private static string Between(string text, string before, string after)
    {
        int start = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return text[start..text.IndexOf(after, start, StringComparison.Ordinal)];
    }

    // NumPy itself is asked too where the machine has it.
    private async Task AssertNumPyAgreesAsync(double[] eigenvalues)
    {
        string program =
            $"import numpy as n; d = n.load('{_folder["tiny.npz"]}'); print(d['run'], int(d['step']), ' "
            + $"'.join(repr(float(x)) for x in d['operators/hessian/eigenvalues']))";
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("python3", ["-c", program])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.Start();
        string output = await process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (!errors.Contains("No module named 'numpy'", StringComparison.Ordinal))
        {
            string[] words = output.Trim().Split(' ');
            Assert.Equal(["tiny", "7"], words[..2]);
            Assert.Equal(eigenvalues, words[2..].Select(word => double.Parse(word, CultureInfo.InvariantCulture)));
        }
    }
}
