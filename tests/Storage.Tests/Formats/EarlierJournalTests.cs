using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Journals;

namespace CurvatureMonitor.Storage.Tests.Formats;

/// <summary>Journals of an earlier version mean what they meant, and are gone on with.</summary>
public sealed class EarlierJournalTests : IDisposable
{
    private const string Bundle = "bundle-of-an-earlier-version";

    private static readonly DateTimeOffset Time = new(2026, 3, 1, 12, 0, 0, 250, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Numbers_reasons_and_times_are_those_that_were_written()
    {
        var events = RunJournal.Read(EarlierFiles.PathOf(EarlierFiles.Events), Damaged).ToList();
        Assert.All(events, told => Assert.Equal(("r", Time), (told.Run, told.Time)));
        var started = events.OfType<RunStarted>().Last().Description;
        Assert.Equal(
            ("r", "m", "sgd", "d", ""),
            (started.Run, started.Model, started.Optimizer, started.Dataset, started.Revision)
        );
        Assert.Equal((15L, 30L, Time), (started.Parameters, started.ProbeSamples, started.Started));
        Assert.Equal((null, null, null), (started.Momentum, started.Damping, started.Steps));
        Assert.Equal([AnalysisKind.Spectrum], started.Analyses);
        Assert.Equal(["hessian"], started.Operators);
        var failures = events.OfType<AnalysisFailed>().Where(failed => failed.Step == 8).ToList();
        Assert.Equal(Enum.GetValues<JobFailureReason>().Order(), failures.Select(failed => failed.Reason).Order());
        Assert.All(failures, failed =>
            Assert.Equal(("no \"luck\"\n", 0.1, 2), (failed.Message, failed.Seconds, failed.Attempts))
        );
        var dropped = events.OfType<CheckpointDropped>().Where(drop => drop.Step == 9);
        Assert.Equal(Enum.GetValues<DropReason>().Order(), dropped.Select(drop => drop.Reason).Order());
        var last = events.OfType<TrainingReported>().Last();
        Assert.Equal((3L, double.NaN, null, null), (last.Step, last.Loss, last.LearningRate, last.BatchSize));
    }

    [Fact]
    public void Measurements_keep_their_error_bars_and_densities_to_the_last_bit()
    {
        var events = RunJournal
            .Read(EarlierFiles.PathOf(EarlierFiles.Measurements), Damaged)
            .Cast<CheckpointMeasured>()
            .ToList();
        var spectrum = Assert.Single(events[0].Measurements.OfType<SpectrumMeasurement>());
        Assert.Equal([-1.0 / 3, 0.1, Math.PI], spectrum.Density.Nodes);
        Assert.Equal([0.25, 0.5, 0.25], spectrum.Density.Weights);
        var sharpness = Assert.IsType<SharpnessMeasurement>(Assert.Single(events[1].Measurements));
        Assert.Equal(new Estimate(1, double.PositiveInfinity), Assert.Single(sharpness.Top));
        Assert.Equal(new MeasurementCost(5, 0.1 + 0.2, 0), sharpness.Cost);
    }

    [Fact]
    public void A_journal_of_the_same_bundle_is_gone_on_with()
    {
        string path = EarlierFiles.Copy(EarlierFiles.Events, _folder);
        Assert.Equal(new JournalHeader(1, "r", Bundle), RunJournal.ReadHeader(path));
        Assert.Equal(RunOutcome.Finished, RunJournal.ReadEnd(path)!.Summary.Outcome);
        int before = RunJournal.Read(path).Count();
        using (var journal = RunJournal.Open(path, "r", Bundle))
        {
            journal.Append(new TrainerHeard("r", Time));
        }

        Assert.Equal(before + 1, RunJournal.Read(path, Damaged).Count());
        Assert.Equal([path], Directory.GetFiles(_folder[""]));
    }

    private static void Damaged(long line) => Assert.Fail($"line {line} is not read");
}
