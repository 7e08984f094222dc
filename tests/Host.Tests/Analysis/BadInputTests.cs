using System.Text.Json;
using CurvatureMonitor.Host.Tests.Commands;

namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>Bad arguments and bad bundles: one line that says what and how to mend it, exit code 2.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Case = "softmax_49_10";
    private const string Checkpoint = "checkpoints/step-00000001.safetensors";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--operators fisher: choose from hessian, ggn, residual", "--operators", "fisher")]
    [InlineData("--analyses everything: choose from sharpness, spectrum, trace, variance", "--analyses", "everything")]
    [InlineData("--operators ggn,ggn: name at least one, each once", "--operators", "ggn,ggn")]
    [InlineData("--lanczos-steps 0: give a whole number of at least 1", "--lanczos-steps", "0")]
    [InlineData("--probes 1: give a whole number of at least 2", "--probes", "1")]
    [InlineData("--eigenpairs 5: give how many of the largest and of the smallest", "--eigenpairs", "5")]
    [InlineData("--eigenpairs 0,0: give how many", "--eigenpairs", "0,0")]
    [InlineData("--views smooth: choose from gaussian, log, kpm, entropy", "--views", "smooth")]
    [InlineData("--power-law 2,1: give two magnitudes, the smaller first", "--power-law", "2,1")]
    [InlineData("--tolerance 0: give a number between 0 and 1", "--tolerance", "0")]
    [InlineData("--deflate 0: give a whole number of at least 1", "--deflate", "0")]
    [InlineData("--batches 1: give a whole number of at least 2", "--batches", "1")]
    [InlineData(
        "--batch-sizes 500: batches are drawn from the 500 samples of the probe set; give at most 499",
        "--batch-sizes",
        "500"
    )]
    [InlineData("--batch-sizes 8,: give whole numbers", "--batch-sizes", "8,")]
    [InlineData("holds no checkpoint of step 9; choose from 1", "--compare", "9")]
    [InlineData("names no Adam, nor another optimiser", "--analyses", "preconditioned_sharpness")]
    [InlineData("--dtype float16: choose from float32, float64", "--dtype", "float16")]
    [InlineData("device 'tpu' is unknown", "--device", "tpu")]
    [InlineData("--memory-budget 0: give megabytes, at least 1", "--memory-budget", "0")]
    [InlineData("--threads 0: give a whole number from 1 to 1024", "--threads", "0")]
    [InlineData("--checkpoint last: give the number of a step or all", "--checkpoint", "last")]
    [InlineData("holds no checkpoint of step 7; choose from 1", "--checkpoint", "7")]
    [InlineData("--out result.txt: give a file name that ends in .json or .npz", "--out", "result.txt")]
    [InlineData("is not there; make it first", "--out", "/no/such/folder/result.json")]
    public Task A_wrong_option_is_named(string expected, params string[] arguments) =>
        AssertRefusedAsync(expected, ["analyze", CasesFolder.Case(Case), .. arguments]);

    [Theory]
    [InlineData("analyze")]
    [InlineData("validate")]
    public async Task What_is_no_bundle_is_named(string command)
    {
        await AssertRefusedAsync(
            "/no/such/bundle: is not a directory; give the folder of a run bundle",
            command,
            "/no/such/bundle"
        );
        await AssertRefusedAsync("has no run.json", command, _folder.Root);
        await AssertRefusedAsync("Required argument missing", command);
    }

    [Theory]
    [InlineData("analyze")]
    [InlineData("validate")]
    public async Task A_damaged_bundle_is_refused_with_the_file_and_the_remedy(string command)
    {
        string bundle = _folder.CopyCase(Case);
        string tensors = Path.Combine(bundle, Checkpoint);
        byte[] whole = File.ReadAllBytes(tensors);
        File.WriteAllBytes(tensors, whole[..(whole.Length / 2)]);
        await AssertRefusedAsync("step-00000001.safetensors", command, bundle);

        File.WriteAllBytes(tensors, whole);
        File.WriteAllText(Path.Combine(bundle, "model.pt"), "no model");
        await AssertRefusedAsync("is no TorchScript module", command, bundle);

        // A model and a probe set that are well-formed, but not each other's.
        File.Copy(
            Path.Combine(CasesFolder.Case("cnn_14"), "model.pt"),
            Path.Combine(bundle, "model.pt"),
            overwrite: true
        );
        File.Copy(Path.Combine(CasesFolder.Case("cnn_14"), Checkpoint), tensors, overwrite: true);
        await AssertRefusedAsync("cannot be evaluated on inputs [500, 49]", command, bundle);

        File.Copy(Path.Combine(CasesFolder.Case(Case), Checkpoint), tensors, overwrite: true);
        await AssertRefusedAsync("'conv1.weight' is missing", command, bundle);

        File.Delete(Path.ChangeExtension(tensors, ".json"));
        await AssertRefusedAsync("holds no checkpoint", command, bundle);
    }

    [Fact]
    public async Task A_checkpoint_that_is_not_finite_is_refused_by_the_name_of_the_tensor()
    {
        string bundle = _folder.CopyCase(Case);
        string tensors = Path.Combine(bundle, Checkpoint);
        byte[] bytes = File.ReadAllBytes(tensors);
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - sizeof(double)), double.NaN);
        File.WriteAllBytes(tensors, bytes);
        await AssertRefusedAsync("holds NaN or an infinity at step 1", "analyze", bundle);
    }

    [Fact]
    public async Task A_budget_that_nothing_fits_fails_in_one_line_with_the_bytes_it_takes()
    {
        string bundle = _folder.CopyCase("cnn_bn_eval");
        string manifest = Path.Combine(bundle, "run.json");
        // The micro-batch of batch norm in mode train is part of the loss, so it may not be split.
        File.WriteAllText(
            manifest,
            File.ReadAllText(manifest).Replace("\"eval\"", "\"train\"", StringComparison.Ordinal)
        );
        using var process = HostProcess.Start("analyze", bundle, "--memory-budget", "1", "--json");
        Assert.Equal(1, await process.ExitCodeAsync());
        Assert.Empty(process.Output);
        string line = Assert.Single(process.Errors.Trim().Split('\n'), text =>
            text.StartsWith("curvature: ", StringComparison.Ordinal)
        );
        Assert.Matches(
            @"^curvature: out of memory budget: a curvature product needs (about|more than) \d+ bytes "
                + @"with 128 samples a micro-batch .* the limit is \d+; raise",
            line
        );
    }

    [Fact]
    public async Task A_budget_that_is_too_small_is_kept_with_smaller_pieces_and_the_result_says_so()
    {
        using var process = HostProcess.Start(
            "analyze",
            CasesFolder.Case("cnn_bn_eval"),
            "--memory-budget",
            "1",
            "--analyses",
            "sharpness",
            "--operators",
            "hessian",
            "--lanczos-steps",
            "4",
            "--json"
        );
        Assert.Equal(0, await process.ExitCodeAsync());
        Assert.Contains(
            "step 1: graphs are rebuilt at every product; forward passes take ",
            process.Errors,
            StringComparison.Ordinal
        );
        using var document = JsonDocument.Parse(process.Output);
        var degradation = document.RootElement.GetProperty("provenance").GetProperty("degradation");
        Assert.Equal("rebuilt", degradation.GetProperty("graphs").GetString());
        Assert.InRange(degradation.GetProperty("micro_batch").GetInt32(), 1, 127);
        Assert.InRange(document.RootElement.GetProperty("cost").GetProperty("peak_bytes").GetInt64(), 1, 1 << 20);
    }

    [Fact]
    public async Task What_is_no_result_is_not_plotted()
    {
        File.WriteAllText(_folder["text.json"], "no result");
        File.WriteAllText(_folder["other.json"], """{"run":"other"}""");
        File.WriteAllText(_folder["archive.npz"], "no archive");
        await AssertRefusedAsync("nothing.json: no such file", "plot", _folder["nothing.json"]);
        await AssertRefusedAsync("text.json: is no saved result", "plot", _folder["text.json"]);
        await AssertRefusedAsync("other.json: is no saved result", "plot", _folder["other.json"]);
        await AssertRefusedAsync("archive.npz: is no saved result", "plot", _folder["archive.npz"]);
    }

    private static async Task AssertRefusedAsync(string expected, params string[] arguments)
    {
        using var process = HostProcess.Start(arguments);
        Assert.Equal(2, await process.ExitCodeAsync());
        string line = Assert.Single(process.Errors.Trim().Split('\n'));
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.StartsWith("curvature: ", line, StringComparison.Ordinal);
        Assert.Empty(process.Output);
    }
}
