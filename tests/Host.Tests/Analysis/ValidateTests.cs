using CurvatureMonitor.Host.Tests.Commands;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary><c>curvature validate</c>: what it looks at, and what it finds.</summary>
public sealed class ValidateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_good_bundle_passes_with_its_sizes_and_costs()
    {
        using var process = HostProcess.Start("validate", CasesFolder.Case("cnn_bn_eval"));
        Assert.Equal(0, await process.ExitCodeAsync());
        Assert.Empty(process.Errors);
        foreach (
            string text in new[]
            {
                "run cnn-bn-eval",
                "P = 1,650",
                "N = 128",
                "two passes agree",
                "gradient",
                "Hessian product",
                "Gauss-Newton product",
                "spectrum, 100 steps",
                "trace",
                "variance",
                "ggn",
                "MB",
            }
        )
        {
            Assert.Contains(text, process.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_model_that_answers_the_same_samples_differently_is_refused()
    {
        TinyBundle.Write(_folder["tiny"], TinyBundle.Random, 1);
        await AssertRefusedAsync(_folder["tiny"], "something random is live in the model");
    }

    [Fact]
    public async Task An_operation_without_a_second_derivative_is_named_with_what_is_done_about_it()
    {
        TinyBundle.Write(_folder["tiny"], TinyBundle.NoSecondDerivative, 1);
        using var process = HostProcess.Start("validate", _folder["tiny"]);
        Assert.True(await process.ExitCodeAsync() == 0, process.Errors);
        string output = string.Join(' ', process.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("products are finite differences", output, StringComparison.Ordinal);
        Assert.Contains("grid_sampler_2d_backward", output, StringComparison.Ordinal);
        Assert.Contains("variance of hessian cannot be measured", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_name_of_a_tied_weight_is_no_hindrance_while_its_numbers_are_the_same()
    {
        string bundle = _folder.CopyCase("softmax_49_10");
        string path = Path.Combine(bundle, "checkpoints", "step-00000001.safetensors");
        double[] numbers;
        var contents = new List<TensorContent>();
        using (var file = SafetensorsFile.Open(path))
        {
            foreach (var tensor in file.Tensors)
            {
                file.Read(tensor, numbers = new double[tensor.Count]);
                contents.Add(TensorContent.From(tensor.Name, tensor.Shape, numbers));
                if (tensor.Name == "fc.weight")
                {
                    contents.Add(TensorContent.From("decoder.weight", tensor.Shape, numbers));
                }
            }
        }

        SafetensorsWriter.WriteFile(path, contents);
        using (var process = HostProcess.Start("validate", bundle))
        {
            Assert.Equal(0, await process.ExitCodeAsync());
        }

        var decoder = contents.FindIndex(content => content.Name == "decoder.weight");
        contents[decoder] = TensorContent.From(
            "decoder.weight",
            contents[decoder].Shape,
            new double[contents[decoder].Shape.Aggregate(1L, (count, extent) => count * extent)]
        );
        SafetensorsWriter.WriteFile(path, contents);
        await AssertRefusedAsync(
            bundle,
            "'decoder.weight' is not a tensor of the model, nor equal to one of its shape"
        );
    }

    private static async Task AssertRefusedAsync(string bundle, string expected)
    {
        using var process = HostProcess.Start("validate", bundle);
        Assert.Equal(2, await process.ExitCodeAsync());
        string line = Assert.Single(process.Errors.Trim().Split('\n'));
        Assert.StartsWith("curvature: ", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }
}
