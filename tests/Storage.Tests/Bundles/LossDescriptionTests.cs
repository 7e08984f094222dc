using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Storage.Tests.Bundles;

/// <summary>Losses with options, and chosen parameters, in <c>run.json</c>.</summary>
public sealed class LossDescriptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Losses =>
        new()
        {
            { "\"mse\"", "mse" },
            { "{\"kind\":\"mse\"}", "mse" },
            { "{\"kind\":\"cross_entropy\",\"ignore_index\":-100}", "cross_entropy(ignore_index=-100)" },
            {
                "{\"kind\":\"cross_entropy\",\"label_smoothing\":0.1,\"weight\":[1,2.5],\"reduction\":\"mean\"}",
                "cross_entropy(label_smoothing=0.1, weight)"
            },
            { "{\"kind\":\"nll\",\"weight\":\"loss.weight\"}", "nll(weight)" },
            { "{\"kind\":\"bce_with_logits\",\"pos_weight\":\"p\"}", "bce_with_logits(pos_weight)" },
            { "{\"kind\":\"l1\"}", "l1" },
            { "{\"kind\":\"smooth_l1\",\"beta\":0}", "smooth_l1(beta=0)" },
            { "{\"kind\":\"huber\",\"delta\":0.5}", "huber(delta=0.5)" },
            { "{\"kind\":\"poisson_nll\",\"log_input\":false,\"full\":true}", "poisson_nll(log_input=false, full)" },
            { "{\"kind\":\"script\",\"file\":\"loss.pt\"}", "script(loss.pt)" },
            {
                "{\"kind\":\"script\",\"file\":\"a/loss.pt\",\"couples\":true}",
                "script(a/loss.pt, over a batch as a whole)"
            },
        };

    public static TheoryData<string, string> Mistakes =>
        new()
        {
            { "{\"kind\":\"hinge\"}", "'loss.kind' is 'hinge'; write cross_entropy or mse or nll" },
            { "{}", "'loss.kind' is missing" },
            { "{\"kind\":\"mse\",\"ignore_index\":0}", "'loss.ignore_index' is no option of mse" },
            { "{\"kind\":\"cross_entropy\",\"focal\":2}", "'loss.focal' is no option of cross_entropy" },
            { "{\"kind\":\"l1\",\"reduction\":\"sum\"}", "'loss.reduction' is 'sum'; write mean" },
            { "{\"kind\":\"cross_entropy\",\"label_smoothing\":2}", "'loss.label_smoothing' is 2" },
            { "{\"kind\":\"cross_entropy\",\"weight\":[1,-1]}", "'loss.weight' holds a negative number" },
            { "{\"kind\":\"huber\",\"delta\":0}", "'loss.delta' is 0; write a number above 0" },
            { "{\"kind\":\"script\"}", "'loss.file' is missing" },
            { "{\"kind\":\"script\",\"file\":\"../loss.pt\"}", "inside the bundle" },
        };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Losses))]
    public void A_loss_is_read_told_and_written_again(string json, string told)
    {
        RunManifest manifest = ManifestText.Parse(ManifestText.Replace("loss", json));
        Assert.Equal(told, manifest.Loss.ToString());
        manifest.Write(_folder["run.json"]);
        Assert.Equal(manifest.Loss, RunManifest.Read(_folder["run.json"]).Loss);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_refused_in_one_line_that_names_the_key(string json, string problem) =>
        BundleAssert.Refused("run.json", () => ManifestText.Parse(ManifestText.Replace("loss", json)), problem);

    [Fact]
    public void Losses_differ_by_their_options()
    {
        var plain = new LossDescription(Loss.CrossEntropy);
        Assert.True(plain.IsPlain);
        Assert.False((plain with { IgnoreIndex = 0 }).IsPlain);
        Assert.NotEqual(plain with { Weight = [1, 2] }, plain with { Weight = [1, 3] });
        Assert.Equal(plain with { Weight = [1, 2] }, plain with { Weight = [1, 2] });
    }

    [Fact]
    public void Chosen_parameters_are_read_and_written_again()
    {
        RunManifest manifest = ManifestText.Parse(ManifestText.Replace("parameters", "[\"head.weight\",\"größe\"]"));
        Assert.Equal(["head.weight", "größe"], manifest.Parameters!);
        manifest.Write(_folder["run.json"]);
        Assert.Equal(manifest.Parameters!, RunManifest.Read(_folder["run.json"]).Parameters!);
        Assert.Null(ManifestText.Parse(ManifestText.Good).Parameters);
        foreach (string wrong in new[] { "[]", "[\"a\",\"a\"]", "\"a\"", "[1]" })
        {
            BundleAssert.Refused(
                "run.json",
                () => ManifestText.Parse(ManifestText.Replace("parameters", wrong)),
                "'parameters'"
            );
        }
    }
}
