using System.Globalization;
using System.Text.RegularExpressions;
using CurvatureMonitor.Host.Tests.Analysis;

namespace CurvatureMonitor.Host.Tests.Commands;

/// <summary>
/// What commands compute with, counted by OpenMP itself: it reports every team of threads that an operation of libtorch
/// is divided among.
/// </summary>
public sealed partial class ThreadsTests
{
    private static readonly Dictionary<string, string> Reporting = new()
    {
        ["OMP_DISPLAY_AFFINITY"] = "TRUE",
        ["OMP_AFFINITY_FORMAT"] = "team of %N, thread %n",

        // Where nobody sets a number, libtorch takes this one.
        ["OMP_NUM_THREADS"] = "1",
    };

    [Theory]
    [InlineData("analyze", "--analyses", "sharpness")]
    [InlineData("validate")]
    public async Task Measuring_alone_takes_all_cores(string command, params string[] arguments)
    {
        if (Environment.ProcessorCount > 1)
        {
            int[] teams = await TeamsAsync(command, arguments);
            Assert.Equal([Environment.ProcessorCount], teams);
        }
    }

    [Theory]
    [InlineData("analyze", "--analyses", "sharpness", "--threads", "3")]
    [InlineData("validate", "--threads", "3")]
    public async Task The_number_that_is_named_counts(string command, params string[] arguments)
    {
        int[] teams = await TeamsAsync(command, arguments);
        Assert.Equal([3], teams);
    }

    [Theory]
    [InlineData("analyze", "--analyses", "sharpness", "--threads", "3")]
    [InlineData("validate", "--threads", "3")]
    public async Task A_small_model_takes_one(string command, params string[] arguments) =>
        Assert.Empty(await TeamsOnAsync(CasesFolder.Case("cnn_bn_eval"), command, arguments));

    // A million parameters on micro-batches of 4.
    private static async Task<int[]> TeamsAsync(string command, string[] arguments)
    {
        using var folder = new TemporaryFolder();
        SmallBundles.WriteDiagonal(folder.Root, [1, 2, 3, 4], 260_000);
        return await TeamsOnAsync(folder.Root, command, arguments);
    }

    private static async Task<int[]> TeamsOnAsync(string bundle, string command, string[] arguments)
    {
        using var process = HostProcess.Start(Reporting, [command, bundle, .. arguments]);
        Assert.True(await process.ExitCodeAsync() == 0, process.Errors);
        return
        [
            .. TeamSize()
                .Matches(process.Output + process.Errors)
                .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
                .Distinct()
                .Order(),
        ];
    }

    [GeneratedRegex(@"team of (\d+), thread")]
    private static partial Regex TeamSize();
}
