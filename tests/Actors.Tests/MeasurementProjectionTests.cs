using System.Buffers;
using System.Text;
using CurvatureMonitor.Actors.Publishing;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics;
using CurvatureMonitor.Metrics.Exposition;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>What results of several analyses, one after the other, leave in the metrics.</summary>
public sealed class MeasurementProjectionTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly CurvatureMetrics _metrics = new();
    private readonly MetricsProjection _projection;

    public MeasurementProjectionTests() => _projection = new MetricsProjection(_metrics);

    [Fact]
    public void A_sharpness_leaves_the_spectrum_its_shape_and_its_ranks_with_the_step_that_they_describe()
    {
        Start(AnalysisKind.Spectrum, AnalysisKind.Sharpness);
        Apply(10, Spectrum());
        string[] ofTheSpectrum = Lines(
            "curvature_eigenvalue",
            "curvature_negative",
            "curvature_effective_rank",
            "curvature_degenerate",
            "curvature_trace"
        );
        Assert.True(ofTheSpectrum.Length > 40);
        Apply(20, Reports.Sharpness(7).Measurements[0]);

        Assert.Equal(
            ofTheSpectrum,
            Lines(
                "curvature_eigenvalue",
                "curvature_negative",
                "curvature_effective_rank",
                "curvature_degenerate",
                "curvature_trace"
            )
        );
        Assert.Equal(
            [
                "curvature_analysis_step{run=\"r\",analysis=\"spectrum\"} 10",
                "curvature_analysis_step{run=\"r\",analysis=\"sharpness\"} 20",
            ],
            Lines("curvature_analysis_step")
        );
        Assert.Equal(["curvature_result_step{run=\"r\",operator=\"hessian\"} 20"], Lines("curvature_result_step"));
        Assert.Equal(["curvature_lambda_max{run=\"r\",operator=\"hessian\"} 7"], Lines("curvature_lambda_max{"));
        Assert.Equal(["curvature_lambda_min{run=\"r\",operator=\"hessian\"} -1"], Lines("curvature_lambda_min{"));
    }

    [Fact]
    public void In_a_run_without_spectra_the_ranks_are_those_of_the_sharpness()
    {
        Start(AnalysisKind.Sharpness);
        Apply(10, Reports.Sharpness(7).Measurements[0]);
        Apply(20, Reports.Sharpness(8).Measurements[0]);
        Assert.Equal(
            ["curvature_eigenvalue{run=\"r\",operator=\"hessian\",rank=\"1\"} 8"],
            Lines("curvature_eigenvalue{")
        );
        Assert.Empty(Lines("curvature_eigenvalues", "curvature_effective_rank"));
    }

    private static SpectrumMeasurement Spectrum() =>
        new(
            SpectralDensity.Create([-1, 0.5, 4], [0.25, 0.5, 0.25], 16),
            [new Estimate(4, 0.1), new Estimate(2, 0.1), new Estimate(1, 0.1)],
            new Estimate(-1, 0.1),
            new Estimate(16, 0.5),
            false,
            new Provenance(
                OperatorKind.Hessian,
                5,
                1,
                0,
                false,
                16,
                30,
                30,
                BatchNormMode.Train,
                ElementType.Float32,
                Device.Cpu,
                1
            ),
            new MeasurementCost(5, 0.1, 1000)
        );

    private void Start(params AnalysisKind[] analyses) =>
        _projection.Apply(
            new RunStarted(
                new RunDescription("r", "m", "sgd", "d")
                {
                    Parameters = 16,
                    ProbeSamples = 30,
                    Started = Time,
                    Analyses = analyses,
                    Operators = ["hessian"],
                }
            )
        );

    private void Apply(long step, Measurement measurement) =>
        _projection.Apply(
            new CheckpointMeasured(
                "r",
                Time,
                step,
                Enum.GetValues<AnalysisKind>().Single(kind => kind.Label() == measurement.Analysis),
                [measurement],
                [],
                null,
                measurement.Cost,
                0,
                null
            )
        );

    private string[] Lines(params string[] beginnings)
    {
        var text = new ArrayBufferWriter<byte>();
        _metrics.Write(ExpositionFormat.Text, text);
        return
        [
            .. Encoding
                .UTF8.GetString(text.WrittenSpan)
                .Split('\n')
                .Where(line => beginnings.Any(beginning => line.StartsWith(beginning, StringComparison.Ordinal))),
        ];
    }
}
