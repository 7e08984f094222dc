namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>Bundles at the edges of what a bundle can be, against closed forms.</summary>
public sealed class OtherBundlesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // A Krylov space holds a repeated eigenvalue once; the eigenvalues of a matrix are listed as often as they are.
    [Theory]
    [InlineData(4, 3)]
    [InlineData(40, 4)]
    public async Task Repeated_eigenvalues_are_listed_as_often_as_they_are(int inputs, int outputs)
    {
        double[] scales = [.. Enumerable.Range(0, inputs).Select(i => Math.ScaleB(1, -i / 4) * (1 + (i % 4 / 8.0)))];
        SmallBundles.WriteDiagonal(_folder["diagonal"], scales, outputs);
        var document = await Analyses.OfAsync(_folder["diagonal"]);
        double[] exact =
        [
            .. scales
                .SelectMany(scale => Enumerable.Repeat(2 * scale * scale / (outputs * inputs), outputs))
                .OrderDescending(),
        ];
        foreach (string name in new[] { "hessian", "ggn" })
        {
            double[] found = document.Operator(name).Numbers("eigenvalues");
            Assert.Equal(10, found.Length);
            Assert.All(found.Zip(exact), pair => Assert.Equal(pair.Second, pair.First, 1e-8));
            Assert.Equal(exact[^1], document.Operator(name).Number("lambda_min"), 1e-8);
            Assert.Equal(exact.Sum(), document.Operator(name).Number("trace"), 1e-8);
            Assert.True(document.Operator(name).GetProperty("converged").GetBoolean());
        }

        Assert.Equal(0, document.Operator("residual").Number("frobenius"), 1e-8);
    }

    [Fact]
    public async Task A_model_of_tokens_gets_whole_numbers()
    {
        int[][] sentences =
        [
            .. Enumerable
                .Range(0, 14)
                .Select(i => Enumerable.Range(0, 5).Select(j => ((i * i) + (3 * j) + (i * j)) % 6).ToArray()),
        ];
        SmallBundles.WriteTokens(_folder["tokens"], sentences, 6);
        SmallBundles.WriteCounts(_folder["counts"], sentences, 6);
        string[] arguments = ["--batch-sizes", "5", "--batches", "3"];
        var tokens = await Analyses.OfAsync(_folder["tokens"], arguments);
        var counts = await Analyses.OfAsync(_folder["counts"], arguments);
        Assert.Equal(counts.Number("loss"), tokens.Number("loss"), 1e-12);
        foreach (string name in new[] { "hessian", "ggn" })
        {
            Assert.All(
                tokens.Operator(name).Numbers("eigenvalues").Zip(counts.Operator(name).Numbers("eigenvalues")),
                pair => Assert.Equal(pair.Second, pair.First, 1e-9)
            );
            var (measured, expected) = (
                tokens.Operator(name).GetProperty("mini_batch").GetProperty("5"),
                counts.Operator(name).GetProperty("mini_batch").GetProperty("5")
            );
            Assert.Equal(
                expected.GetProperty("lambda_max").Number("mean"),
                measured.GetProperty("lambda_max").Number("mean"),
                1e-9
            );
        }
    }

    [Fact]
    public async Task A_model_of_several_inputs_is_measured_as_one_that_gets_them_put_together()
    {
        var plain = TinyBundle.Write(_folder["plain"], TinyBundle.Linear, 3, 9);
        SplitBundle.Write(_folder["split"], plain);
        string[] arguments = ["--batch-sizes", "5", "--batches", "3", "--analyses", "spectrum,variance"];
        var one = await Analyses.OfAsync(_folder["plain"], arguments);
        var several = await Analyses.OfAsync(_folder["split"], arguments);
        Assert.Equal(one.Number("loss"), several.Number("loss"), 1e-12);
        foreach (string name in new[] { "hessian", "ggn" })
        {
            var (expected, measured) = (one.Operator(name), several.Operator(name));
            Assert.All(
                measured.Numbers("eigenvalues").Zip(expected.Numbers("eigenvalues")),
                pair => Assert.Equal(pair.Second, pair.First, 1e-9)
            );
            Assert.Equal(expected.Number("variance"), measured.Number("variance"), 1e-9);
            Assert.Equal(
                expected.GetProperty("mini_batch").GetProperty("5").GetProperty("lambda_max").Number("mean"),
                measured.GetProperty("mini_batch").GetProperty("5").GetProperty("lambda_max").Number("mean"),
                1e-9
            );
        }
    }

    [Theory]
    [InlineData("\"values\", \"negated\", \"order\"", "'inputs' name negated where the model's forward has order")]
    [InlineData("\"values\", \"order\"", "'inputs.negated' is none of the inputs that run.json names")]
    [InlineData("\"values\", \"order\", \"mask\"", "'inputs.mask' is missing")]
    public async Task Inputs_that_are_not_those_of_the_model_are_one_line(string names, string told)
    {
        SplitBundle.Write(_folder["split"], TinyBundle.Write(_folder["plain"], TinyBundle.Linear, 3));
        string manifest = _folder["split/run.json"];
        string text = File.ReadAllText(manifest);
        int start = text.IndexOf('[', text.IndexOf("\"inputs\"", StringComparison.Ordinal)) + 1;
        File.WriteAllText(manifest, text[..start] + names + text[text.IndexOf(']', start)..]);
        using var process = Commands.HostProcess.Start("validate", _folder["split"]);
        Assert.Equal(2, await process.ExitCodeAsync());
        string line = Assert.Single(process.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(told, line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 1, 300);
    }

    [Fact]
    public async Task One_parameter_has_one_eigenvalue()
    {
        float[] inputs = [0.5f, -1, 2, 1.5f, -0.25f];
        float[] targets = [1, 0, 3, -1, 2];
        SmallBundles.WriteSingle(_folder["single"], inputs, targets, 0.7);
        var document = await Analyses.OfAsync(
            _folder["single"],
            "--analyses",
            "sharpness,spectrum,trace,variance,shape,views,deflated,tracking,weights,eigenpairs,batch_sharpness"
        );
        double[] curvatures = [.. inputs.Select(x => 2.0 * x * x)];
        double exact = curvatures.Average();
        var hessian = document.Operator("hessian");
        Assert.Equal([exact], hessian.Numbers("eigenvalues"), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(exact, hessian.Number("lambda_min"), 1e-12);
        Assert.Equal(curvatures.Select(c => (c - exact) * (c - exact)).Average(), hessian.Number("variance"), 1e-10);
        Assert.Equal(0, document.Operator("residual").Number("lambda_max"), 1e-12);
        Assert.Equal(1, hessian.GetProperty("tracking").Number("gradient_share"), 1e-12);
        Assert.Equal(0.7, document.GetProperty("weights").Number("l2"), 1e-12);
        Assert.False(hessian.TryGetProperty("deflated", out _));
    }

    [Fact]
    public async Task One_sample_has_no_variance()
    {
        SmallBundles.WriteSingle(_folder["one"], [2], [1], 0.7);
        var document = await Analyses.OfAsync(_folder["one"]);
        Assert.Equal(8, document.Operator("hessian").Number("lambda_max"), 1e-12);
        Assert.Equal(0, document.Operator("hessian").Number("variance"), 1e-12);
        Assert.Equal(0, document.GetProperty("gradient").Number("variance"), 1e-12);
    }

    [Fact]
    public async Task A_constant_loss_has_no_curvature()
    {
        SmallBundles.WriteConstant(_folder["constant"]);
        var document = await Analyses.OfAsync(
            _folder["constant"],
            "--analyses",
            "sharpness,spectrum,trace,variance,shape,views,tracking,eigenpairs"
        );
        Assert.Equal(0, document.Number("loss"), 1e-15);
        foreach (string name in new[] { "hessian", "ggn", "residual" })
        {
            Assert.All(document.Operator(name).Numbers("eigenvalues"), value => Assert.Equal(0, value, 1e-15));
            Assert.False(document.Operator(name).GetProperty("shape").TryGetProperty("rank_entropy", out _));
            Assert.False(document.Operator(name).GetProperty("tracking").TryGetProperty("gradient_share", out _));
        }
    }
}
