using System.Text;
using System.Text.Json;
using CurvatureMonitor.Contracts.Analyses;
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
        }
    }

    private static string Json(AnalysisSettings settings) => JsonSerializer.Serialize(settings, MonitorJson.Options);
}
