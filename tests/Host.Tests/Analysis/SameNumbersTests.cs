using System.Text.Json;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Analyses;
using CurvatureMonitor.Host.Analysis;
using CurvatureMonitor.Reports.Documents;
using CurvatureMonitor.Reports.Runs;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>
/// Equal settings give equal numbers, to the last bit, by a curvature actor's analyzer and by <c>curvature analyze</c>.
/// </summary>
[Collection(nameof(AloneInTheProcess))]
public sealed class SameNumbersTests : IDisposable
{
    private const long First = 1;
    private const long Second = 2;

    // Few steps and probes, so that nothing has converged and rounding would show.
    private static readonly AnalysisSettings Live = AnalysisSettings.Live with { ColdStart = true, Seed = 3 };

    private readonly TemporaryFolder _folder = new();

    // Which case it is makes no difference to thoroughness, whose time is that of its products.
    public static TheoryData<string, bool> Cases =>
        new()
        {
            { "mlp_tanh_49_16_10", false },
            { "mlp_mse_49_20_3", false },
            { "softmax_49_10", false },
            { "mlp_mse_49_20_3", true },
        };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Equal_settings_give_equal_numbers_in_both(string name, bool thorough)
    {
        var settings = thorough
            ? AnalysisSettings.Thorough with
            {
                ExactParameters = 0,
                Probes = 3,
                Seed = 3,
                Modules = ["fc*", "*.weight"],
            }
            : Live with
            {
                ExactParameters = 0,
            };
        var bundle = CaseBundle.Copy(_folder[name], name, "sgd", First, Second);
        AnalysisKind[] asked =
        [
            AnalysisKind.Spectrum,
            AnalysisKind.Trace,
            AnalysisKind.Variance,
            AnalysisKind.Tracking,
            AnalysisKind.BatchSharpness,
            AnalysisKind.Modules,
        ];
        var saved = Saved(bundle, settings, asked);
        using var live = new LiveRun(bundle, settings);
        foreach (long step in new[] { First, Second })
        {
            var document = saved[step];
            AssertEqual(
                document,
                live.Each<SpectrumMeasurement>(step, AnalysisKind.Spectrum),
                SpectrumReadings.Of,
                actual => new OperatorReading
                {
                    LambdaMax = actual.LambdaMax,
                    LambdaMaxResidual = actual.LambdaMaxResidual,
                    LambdaMin = actual.LambdaMin,
                    LambdaMinResidual = actual.LambdaMinResidual,
                    Eigenvalues = actual.Eigenvalues,
                    EigenvalueResiduals = actual.EigenvalueResiduals,
                    Converged = actual.Converged,
                    LanczosSteps = actual.LanczosSteps,
                    Density = actual.Density,
                }
            );
            AssertEqual(
                document,
                live.Each<TraceMeasurement>(step, AnalysisKind.Trace),
                Of,
                actual => new OperatorReading
                {
                    Trace = actual.Trace,
                    TraceStderr = actual.TraceStderr,
                    Frobenius = actual.Frobenius,
                    FrobeniusStderr = actual.FrobeniusStderr,
                    Layers = actual.Layers,
                }
            );
            AssertEqual(
                document,
                live.Each<ModulesMeasurement>(step, AnalysisKind.Modules),
                modules => StatisticsReadings.Add(new OperatorReading(), modules),
                actual => new OperatorReading { Modules = actual.Modules, ModulesLeftOut = actual.ModulesLeftOut }
            );
            AssertEqual(
                document,
                live.Each<VarianceMeasurement>(step, AnalysisKind.Variance),
                Of,
                actual => new OperatorReading
                {
                    Variance = actual.Variance,
                    VarianceStderr = actual.VarianceStderr,
                    VarianceTop = actual.VarianceTop,
                    VarianceTopStderr = actual.VarianceTopStderr,
                }
            );
            AssertEqual(
                document,
                live.Each<TrackingMeasurement>(step, AnalysisKind.Tracking),
                TrackingReading.Of,
                actual => actual.Tracking!
            );
            var batches = (BatchSharpnessMeasurement)live.Report(step, AnalysisKind.BatchSharpness).Measurements[0];
            var reading = document.Operators["hessian"].BatchSharpness!.Single().Value;
            Assert.Equal(
                (batches.Sharpness.Value, batches.Sharpness.Error, batches.Batches),
                (reading.Value, reading.Stderr, reading.Batches)
            );
            Assert.Equal(
                Text(GradientReading.Saved(live.Report(step, AnalysisKind.Gradient).Gradient!)),
                Text(document.Gradient!)
            );

            // The learning rate is that of run.json: the checkpoints have none.
            Assert.Equal(0.1, document.LearningRate);
            Assert.Equal(live.Ratio(document.Operators["hessian"]), document.Operators["hessian"].Stability?.Ratio);
        }

        Assert.Equal(First, saved[Second].Operators["hessian"].Tracking!.ComparedWith);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Sharpness_alone_is_equal_too_plain_and_preconditioned(string name, bool thorough)
    {
        var settings = (thorough ? AnalysisSettings.Thorough : Live) with { Seed = 5 };
        var bundle = CaseBundle.Copy(_folder[name], name, "adam", First);
        var document = Saved(bundle, settings, [AnalysisKind.Sharpness, AnalysisKind.PreconditionedSharpness])[First];
        using var live = new LiveRun(bundle, settings);
        AssertEqual(
            document,
            live.Each<SharpnessMeasurement>(First, AnalysisKind.Sharpness),
            SpectrumReadings.Of,
            actual => actual with { PreconditionedSharpness = null, Stability = null }
        );
        foreach (
            var measured in live.Each<PreconditionedSharpnessMeasurement>(First, AnalysisKind.PreconditionedSharpness)
        )
        {
            var reading = document.Operators[measured.Provenance.Operator.Label()].PreconditionedSharpness!;
            Assert.Equal(
                (measured.Sharpness.Value, measured.Sharpness.Error, measured.Converged),
                (reading.LambdaMax, reading.LambdaMaxResidual, reading.Converged)
            );
        }

        // A job for spectra or sharpness brings the Hessian's along.
        Assert.Equal(
            live.Report(First, AnalysisKind.Sharpness).PreconditionedSharpness!.Value,
            document.Operators["hessian"].PreconditionedSharpness!.LambdaMax
        );
    }

    [Fact]
    public void Live_traces_of_small_models_are_exact()
    {
        var bundle = CaseBundle.Copy(_folder["exact"], "mlp_tanh_49_16_10", "sgd", First);
        using var live = new LiveRun(bundle, AnalysisSettings.Live);
        var trace = live.Each<TraceMeasurement>(First, AnalysisKind.Trace)[0];
        double exact = CasesFolder.Expected("mlp_tanh_49_16_10").Operator("hessian").Number("trace");
        Assert.True(trace.Exact);
        Assert.Equal(exact, trace.Trace.Value, 1e-8 * exact);
    }

    private static Dictionary<long, AnalysisDocument> Saved(
        RunBundle bundle,
        AnalysisSettings settings,
        AnalysisKind[] asked
    )
    {
        var request = new AnalysisRequest { Analyses = asked, Settings = settings }.Complete();
        using var probe = BundleProbe.Open(bundle, First, ElementType.Float64, Device.Cpu);
        using var analyzer = new BundleAnalyzer(probe, request, SilentProgress.Instance, TimeProvider.System);
        analyzer.RequireMeasurable();
        return bundle.CheckpointSteps().ToDictionary(step => step, step => analyzer.Analyse(step, default));
    }

    private static OperatorReading Of(TraceMeasurement trace) => StatisticsReadings.Add(new OperatorReading(), trace);

    private static OperatorReading Of(VarianceMeasurement variance) =>
        StatisticsReadings.Add(new OperatorReading(), variance);

    private static void AssertEqual<TMeasurement, TReading>(
        AnalysisDocument document,
        IReadOnlyList<TMeasurement> live,
        Func<TMeasurement, TReading> project,
        Func<OperatorReading, TReading> part
    )
        where TMeasurement : Measurement
    {
        Assert.Equal(document.Operators.Count, live.Count);
        Assert.All(live, measured =>
            Assert.Equal(Text(part(document.Operators[measured.Provenance.Operator.Label()])), Text(project(measured)))
        );
    }

    // JSON has every number to the last bit.
    private static string Text<T>(T value) => JsonSerializer.Serialize(value);

    /// <summary>Measures as a curvature actor does: one job after the other by the run's analyzer.</summary>
    private sealed class LiveRun : IDisposable
    {
        private readonly RunBundle _bundle;
        private readonly AnalysisSettings _settings;
        private readonly RunProbe _probe;
        private readonly ICheckpointAnalyzer _analyzer;
        private readonly CheckpointLayout _layout;

        internal LiveRun(RunBundle bundle, AnalysisSettings settings)
        {
            (_bundle, _settings) = (bundle, settings);
            _probe = RunProbe.Open(bundle, ElementType.Float64, Device.Cpu);
            _analyzer = new CurvatureAnalyzerFactory(TimeProvider.System).Create(_probe);
            using var model = BundleModel.Load(bundle, ElementType.Float64, Device.Cpu);
            _layout = CheckpointLayout.Of(model);
        }

        internal AnalysisReport Report(long step, AnalysisKind analysis)
        {
            using var checkpoint = _bundle.ReadCheckpoint(step, _layout);
            var id = new JobId(_bundle.Manifest.Run, step, analysis);
            return _analyzer.Analyse(new AnalyseCheckpoint(id, _settings), checkpoint, default);
        }

        internal IReadOnlyList<T> Each<T>(long step, AnalysisKind analysis)
            where T : Measurement => [.. Report(step, analysis).Measurements.Cast<T>()];

        internal double? Ratio(OperatorReading reading) =>
            _probe
                .Optimizer.RatioAt(
                    new Estimate(reading.LambdaMax!.Value, reading.LambdaMaxResidual!.Value),
                    StabilityKind.Full,
                    learningRate: null
                )
                ?.Ratio;

        public void Dispose()
        {
            _analyzer.Dispose();
            _probe.Dispose();
        }
    }
}
