using System.Text.Json;
using CurvatureMonitor.Host.Tests.Commands;

namespace CurvatureMonitor.Client.Tests;

/// <summary>
/// Bundles that the client wrote with <c>modules=</c>, analysed: against the dense blocks of the Hessian that PyTorch
/// computed in float64.
/// </summary>
public sealed class ModulesTests(ModelBundles bundles) : IClassFixture<ModelBundles>
{
    [Theory]
    [InlineData("modules")]
    [InlineData("modules-forward")]
    [InlineData("modules-frozen")]
    public async Task The_modules_that_a_training_names_have_the_blocks_that_PyTorch_computes(string name)
    {
        using var process = HostProcess.Start([
            "analyze",
            Path.Combine(bundles.Folder, name),
            .. new[] { "--analyses", "modules", "--operators", "hessian", "--dtype", "float64", "--json" },
        ]);
        Assert.True(await process.ExitCodeAsync() == 0, process.Errors);
        using var document = JsonDocument.Parse(process.Output);
        var modules = document.RootElement.GetProperty("operators").GetProperty("hessian").GetProperty("modules");
        var expected = bundles.Expected(name).GetProperty("modules").EnumerateObject().ToList();
        Assert.Equal(
            expected.Select(module => module.Name),
            modules.EnumerateObject().Select(module => module.Name)
        );
        foreach (var module in expected)
        {
            var (told, measured) = (module.Value, modules.GetProperty(module.Name));
            Assert.Equal(told[0].GetInt64(), measured.GetProperty("parameters").GetInt64());
            AssertClose(told[1], measured.GetProperty("lambda_max"), 1e-7);
            AssertClose(told[2], measured.GetProperty("trace"), 1e-9);
        }
    }

    private static void AssertClose(JsonElement expected, JsonElement actual, double share) =>
        Assert.Equal(
            expected.GetDouble(),
            actual.GetDouble(),
            share * Math.Max(1, Math.Abs(expected.GetDouble()))
        );
}
