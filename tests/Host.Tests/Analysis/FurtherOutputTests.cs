using CurvatureMonitor.Host.Tests.Commands;

namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>
/// How <c>plot</c> and the terminal show what <c>curvature analyze</c> measures only where it is asked.
/// </summary>
public sealed class FurtherOutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Plot_draws_views_batches_and_tracking()
    {
        TinyBundle.Write(_folder["tiny"], TinyBundle.Linear, 1, 20);
        await Analyses.OfAsync(
            _folder["tiny"],
            "--analyses",
            "views,tracking,deflated",
            "--operators",
            "hessian",
            "--checkpoint",
            "all",
            "--batch-sizes",
            "4,6",
            "--batches",
            "3",
            "--out",
            _folder["saved.json"]
        );
        using var process = HostProcess.Start("plot", _folder["saved.json"]);
        Assert.True(await process.ExitCodeAsync() == 0, process.Errors);
        foreach (
            var (name, texts) in new (string, string[])[]
            {
                (
                    "density",
                    [
                        "hessian: density, linear axis",
                        "hessian: density, symmetric-log axis",
                        "hessian: log spectrum",
                        "hessian: outliers taken out and put back",
                    ]
                ),
                (
                    "batches",
                    ["hessian: mean and spread of a batch", "λ max predicted", "hessian: density of batches of 4"]
                ),
                (
                    "tracking",
                    ["overlap of the spaces", "hessian: curvature along kept vectors", "hessian: Wasserstein distance"]
                ),
            }
        )
        {
            string picture = File.ReadAllText(_folder[$"saved.{name}.svg"]);
            Assert.All(texts, text => Assert.Contains(text, picture, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_terminal_shows_what_was_asked_for()
    {
        TinyBundle.Write(_folder["tiny"], TinyBundle.Linear, 1, 20);
        using var process = HostProcess.Start(
            "analyze",
            _folder["tiny"],
            "--analyses",
            "weights,shape,eigenpairs,tracking,deflated,batch_sharpness,mini_batch",
            "--batch-sizes",
            "4",
            "--compare",
            "1",
            "--views",
            "gaussian"
        );
        Assert.Equal(0, await process.ExitCodeAsync());
        foreach (
            string text in new[]
            {
                "Weights l2",
                "Eigenpairs",
                "negative eigenvalues",
                "negative mass",
                "Gaussian σ",
                "Deflated density",
                "compared with",
                "Batch sharpness of the ggn",
                "Batches of the hessian",
                "errors off",
            }
        )
        {
            Assert.Contains(text, process.Output, StringComparison.Ordinal);
        }
    }
}
