using System.Text.Json;
using CurvatureMonitor.Host.Tests.Commands;

namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>The command against what is exactly true of the reference cases.</summary>
public sealed class AnalyzeCaseTests
{
    private const double Exact = 1e-8;

    public static TheoryData<string> Names => [.. CasesFolder.Names];

    [Fact]
    public void The_cases_are_there() => Assert.True(CasesFolder.Names.Count >= 5);

    // What the command says by itself, but for the exact traces of convolutional nets, whose columns take their time:
    // there the estimates are tested.
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_number_agrees_with_the_exact_one(string name)
    {
        string[] probes = name.StartsWith("cnn", StringComparison.Ordinal) ? ["--probes", "24"] : [];
        using var process = HostProcess.Start([
            "analyze",
            CasesFolder.Case(name),
            "--dtype",
            "float64",
            "--json",
            .. probes,
        ]);
        Assert.Equal(0, await process.ExitCodeAsync());
        using var document = JsonDocument.Parse(process.Output);
        var (actual, expected) = (document.RootElement, CasesFolder.Expected(name));

        Assert.Equal("float64", actual.GetProperty("dtype").GetString());
        Assert.Equal(expected.GetProperty("samples").GetInt64(), actual.GetProperty("samples").GetInt64());
        Assert.Equal(expected.GetProperty("parameters").GetInt64(), actual.GetProperty("parameters").GetInt64());
        AssertExact(expected, actual, "loss", 1);
        foreach (string field in new[] { "l2", "linf", "variance" })
        {
            AssertExact(expected.GetProperty("gradient"), actual.GetProperty("gradient"), field, 1);
        }

        foreach (string kind in new[] { "hessian", "ggn", "residual" })
        {
            AssertOperator(
                expected.GetProperty("operators").GetProperty(kind),
                actual.GetProperty("operators").GetProperty(kind),
                probes.Length == 0
            );
        }

        AssertLayers(expected, actual);
    }

    private static void AssertOperator(JsonElement expected, JsonElement actual, bool tracesAreExact)
    {
        double[] exact = [.. expected.GetProperty("eigenvalues").EnumerateArray().Select(value => value.GetDouble())];
        double scale = Math.Max(1, Math.Max(Math.Abs(exact[0]), Math.Abs(exact[^1])));
        AssertExact(expected, actual, "lambda_max", scale);
        AssertExact(expected, actual, "lambda_min", scale);
        Assert.True(actual.GetProperty("converged").GetBoolean());
        double[] eigenvalues =
        [
            .. actual.GetProperty("eigenvalues").EnumerateArray().Select(value => value.GetDouble()),
        ];
        Assert.Equal(10, eigenvalues.Length);
        for (int i = 0; i < eigenvalues.Length; i++)
        {
            Assert.Equal(exact[i], eigenvalues[i], Exact * scale);
        }

        foreach (string field in new[] { "trace", "frobenius" })
        {
            double error = actual.GetProperty($"{field}_stderr").GetDouble();
            Assert.True(error > 0);
            Assert.Equal(
                expected.GetProperty(field).GetDouble(),
                actual.GetProperty(field).GetDouble(),
                tracesAreExact ? Exact * scale : 3 * error
            );
        }

        if (expected.GetProperty("variance").ValueKind == JsonValueKind.Number)
        {
            Assert.Equal(
                expected.GetProperty("variance").GetDouble(),
                actual.GetProperty("variance").GetDouble(),
                3 * actual.GetProperty("variance_stderr").GetDouble()
            );
        }

        double[] weights =
        [
            .. actual.GetProperty("density").GetProperty("weights").EnumerateArray().Select(value => value.GetDouble()),
        ];
        Assert.Equal(weights.Length, actual.GetProperty("density").GetProperty("nodes").GetArrayLength());
        Assert.Equal(1, weights.Sum(), 1e-12);
    }

    private static void AssertLayers(JsonElement expected, JsonElement actual)
    {
        var layers = actual.GetProperty("operators").GetProperty("hessian").GetProperty("layers");
        foreach (var block in expected.GetProperty("per_parameter_blocks").EnumerateArray())
        {
            var layer = layers.GetProperty(block.GetProperty("name").GetString()!);
            Assert.Equal(
                block.GetProperty("trace_H").GetDouble(),
                layer.GetProperty("trace").GetDouble(),
                (4 * layer.GetProperty("trace_stderr").GetDouble()) + Exact
            );
        }
    }

    private static void AssertExact(JsonElement expected, JsonElement actual, string field, double scale) =>
        Assert.Equal(expected.GetProperty(field).GetDouble(), actual.GetProperty(field).GetDouble(), Exact * scale);
}
