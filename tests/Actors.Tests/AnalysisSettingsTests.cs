using System.Text;
using System.Text.Json;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Serialization;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>Settings as they cross the network and lie in files.</summary>
public sealed class AnalysisSettingsTests
{
    [Fact]
    public void Settings_of_before_are_read_and_have_the_defaults_of_live_runs()
    {
        const string Old = """
            {"operators":["hessian","gauss_newton"],"lanczos_steps":24,"top_eigenvalues":5,"tolerance":0.01,"probes":6,
            "tracked_eigenvectors":3,"sharpness_batches":12,"seed":7,"cold_start":true,"retain_bytes":1000,
            "limit_bytes":9223372036854775807}
            """;
        var read = MonitorJson.Read<AnalysisSettings>(Encoding.UTF8.GetBytes(Old));
        var expected = AnalysisSettings.Live with
        {
            LanczosSteps = 24,
            TopEigenvalues = 5,
            Tolerance = 0.01,
            Probes = 6,
            TrackedEigenvectors = 3,
            SharpnessBatches = 12,
            Seed = 7,
            ColdStart = true,
            RetainBytes = 1000,
        };
        Assert.Equal(Json(expected), Json(read));
    }

    [Fact]
    public void Presets_survive_the_way_through_JSON()
    {
        foreach (
            var settings in new[]
            {
                AnalysisSettings.Live,
                AnalysisSettings.Thorough with
                {
                    BatchSizes = [4, 8],
                    Modules = ["layer1.*", "*.attention"],
                    PowerLaw = new MagnitudeRange(1e-4, 0.1),
                },
            }
        )
        {
            var read = MonitorJson.Read<AnalysisSettings>(Encoding.UTF8.GetBytes(Json(settings)));
            Assert.Equal(Json(settings), Json(read));
            Assert.Equal(settings.LanczosSteps, read.LanczosSteps);
            Assert.Equal(settings.PowerLaw, read.PowerLaw);
            Assert.Equal(settings.Views, read.Views);
            Assert.Equal(settings.Modules, read.Modules);
        }
    }

    public static TheoryData<AnalysisSettings, string> Wrong =>
        new()
        {
            {
                new() { Operators = [] },
                "operators"
            },
            {
                new() { LanczosSteps = 0 },
                "Lanczos steps are 0"
            },
            {
                new() { TopEigenvalues = 0 },
                "top eigenvalues are 0"
            },
            {
                new() { Probes = 1 },
                "probes are 1"
            },
            {
                new() { DensityProbes = 0 },
                "density probes are 0"
            },
            {
                new() { Outliers = 0 },
                "outliers are 0"
            },
            {
                new() { Vectors = 0 },
                "vectors of a search are 0"
            },
            {
                new() { Views = [] },
                "views"
            },
            {
                new() { Views = [DensityView.Log, DensityView.Log] },
                "views"
            },
            {
                new() { Modules = [] },
                "modules: name at least one pattern"
            },
            {
                new() { BatchSizes = [] },
                "batch sizes"
            },
            {
                new() { BatchSizes = [8, 8] },
                "batch sizes"
            },
            {
                new() { BatchSizes = [0] },
                "samples of a batch are 0"
            },
            {
                new() { SharpnessBatches = 1 },
                "batches 1"
            },
            {
                new() { SpectrumBatches = 1 },
                "batches of spectra are 1"
            },
            {
                new() { EigenpairTolerance = 1 },
                "tolerance of eigenpairs is 1"
            },
            {
                new() { EigenpairTolerance = double.NaN },
                "tolerance of eigenpairs is NaN"
            },
            {
                new() { LimitBytes = 0 },
                "memory budget"
            },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Settings_that_make_no_sense_are_refused_in_one_line(AnalysisSettings settings, string says)
    {
        string message = Assert.Throws<UserErrorException>(settings.Validate).Message;
        Assert.Contains(says, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Presets_can_be_measured_with()
    {
        AnalysisSettings.Live.Validate();
        AnalysisSettings.Thorough.Validate();
    }

    private static string Json(AnalysisSettings settings) => JsonSerializer.Serialize(settings, MonitorJson.Options);
}
