using System.Text;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Journals;

namespace CurvatureMonitor.Storage.Tests.Journals;

/// <summary>What is written of a run comes back as it was, whatever became of the process that wrote it.</summary>
public sealed class RunJournalTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    private string JournalPath => _folder["r.jsonl"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_kind_of_event_comes_back_as_it_was_to_the_last_bit()
    {
        foreach (var original in Events())
        {
            byte[] line = EventJson.Write(original);
            Assert.DoesNotContain((byte)'\n', line);
            var back = EventJson.Read(line);
            Assert.IsType(original.GetType(), back);
            Assert.Equal(Encoding.UTF8.GetString(line), Encoding.UTF8.GetString(EventJson.Write(back)));
            Assert.Equal((original.Run, original.Time), (back.Run, back.Time));
        }

        // All kinds that there are, so that a new one is thought of here.
        Assert.Equal(
            typeof(MonitorEvent)
                .Assembly.GetTypes()
                .Where(type => type.IsSubclassOf(typeof(MonitorEvent)))
                .Select(type => type.Name)
                .Order(),
            Events().Select(e => e.GetType().Name).Append(nameof(TrainingProgressed)).Distinct().Order()
        );
    }

    [Fact]
    public void A_measurement_comes_back_with_its_numbers_and_error_bars()
    {
        var original = Events().OfType<CheckpointMeasured>().Single();
        var back = Assert.IsType<CheckpointMeasured>(EventJson.Read(EventJson.Write(original)));
        var (spectrum, again) = (
            (SpectrumMeasurement)original.Measurements[0],
            Assert.IsType<SpectrumMeasurement>(back.Measurements[0])
        );
        Assert.Equal(spectrum.Eigenvalues, again.Eigenvalues);
        Assert.Equal(spectrum.Density.Nodes, again.Density.Nodes);
        Assert.Equal(
            (spectrum.Trace, spectrum.Smallest, spectrum.Provenance, spectrum.Cost),
            (again.Trace, again.Smallest, again.Provenance, again.Cost)
        );
        Assert.Equal(original.Limits, back.Limits);
        Assert.Equal(
            (original.Stability, original.Cost, original.LagSteps),
            (back.Stability, back.Cost, back.LagSteps)
        );
        Assert.True(double.IsPositiveInfinity(Assert.IsType<SharpnessMeasurement>(back.Measurements[1]).Top[0].Error));
    }

    [Fact]
    public void Wherever_a_kill_cuts_the_last_line_those_before_it_stay_and_writing_goes_on()
    {
        Write("b", Dropped(1), Dropped(2));
        byte[] whole = File.ReadAllBytes(JournalPath);
        int last = Array.LastIndexOf(whole, (byte)'\n', whole.Length - 2) + 1;
        for (int length = last; length < whole.Length; length++)
        {
            File.WriteAllBytes(JournalPath, whole[..length]);
            Write("b", Dropped(3));
            Assert.Equal([1L, 3], RunJournal.Read(JournalPath).Cast<CheckpointDropped>().Select(e => e.Step));
        }
    }

    [Fact]
    public void A_damaged_line_is_passed_over_and_told()
    {
        Write("b", Dropped(1), Dropped(2), Dropped(3));
        string[] lines = File.ReadAllLines(JournalPath);
        lines[2] = lines[2][..20];
        File.WriteAllText(JournalPath, string.Join('\n', lines) + "\n");
        var damaged = new List<long>();
        Assert.Equal([1L, 3], RunJournal.Read(JournalPath, damaged.Add).Cast<CheckpointDropped>().Select(e => e.Step));
        Assert.Equal([3L], damaged);
    }

    [Fact]
    public void The_journal_of_another_bundle_is_set_aside()
    {
        Write("one", Dropped(1));
        Write("other", Dropped(7));
        Assert.Equal([7L], RunJournal.Read(JournalPath).Cast<CheckpointDropped>().Select(e => e.Step));
        Assert.Equal("other", RunJournal.ReadHeader(JournalPath)!.Bundle);
        string old = Assert.Single(Directory.EnumerateFiles(Path.GetDirectoryName(JournalPath)!, "*.old"));
        Assert.Equal([1L], RunJournal.Read(old).Cast<CheckpointDropped>().Select(e => e.Step));
    }

    [Fact]
    public void The_end_is_found_only_where_it_is_the_last_word()
    {
        Write("b", Dropped(1));
        Assert.Null(RunJournal.ReadEnd(JournalPath));
        Write("b", Ended());
        Assert.Equal(Time, RunJournal.ReadEnd(JournalPath)!.Time);
        Write("b", Dropped(2));
        Assert.Null(RunJournal.ReadEnd(JournalPath));
    }

    [Fact]
    public void The_end_of_the_process_is_no_event_of_its_runs()
    {
        using (var journals = new RunJournals())
        {
            journals.Add("r", RunJournal.Open(JournalPath, "r", "b"));
            journals.OnEvent(Dropped(1));
            journals.OnEvent(Failed(JobFailureReason.Cancelled, 2));
            journals.OnReplayed(Dropped(3));
            journals.BeginStop();
            journals.OnEvent(Dropped(4));
            journals.OnEvent(Failed(JobFailureReason.NonFinite, 5));
            journals.OnEvent(new RunEnded(Time, new RunSummary { Run = "r", Outcome = RunOutcome.Stopped }));
        }

        Assert.Equal(
            [1L, 5],
            RunJournal.Read(JournalPath).Select(e => (e as CheckpointDropped)?.Step ?? ((AnalysisFailed)e).Step)
        );
    }

    private static CheckpointDropped Dropped(long step) => new("r", Time, step, DropReason.Superseded);

    private static AnalysisFailed Failed(JobFailureReason reason, long step = 1) =>
        new("r", Time, step, AnalysisKind.Sharpness, reason, "no \"luck\"\n", 0.1, 2, null);

    private static RunEnded Ended() =>
        new(
            Time,
            new RunSummary
            {
                Run = "r",
                Outcome = RunOutcome.Failed,
                Failure = "x",
                Emitted = 3,
                FinalLoss = double.NaN,
                Dropped = new Dictionary<DropReason, long> { [DropReason.SpoolFull] = 1 },
            }
        );

    private static IEnumerable<MonitorEvent> Events()
    {
        Provenance Of(OperatorKind kind) =>
            new(kind, 5, 1, 3, false, 15, 30, 30, BatchNormMode.Train, ElementType.Float64, Device.Cpu, 1);
        var cost = new MeasurementCost(5, 0.1 + 0.2, 1000);
        var density = SpectralDensity.Create([-1.0 / 3, 0.1, Math.PI], [0.25, 0.5, 0.25], 15);
        var limit = new StabilityLimit(StabilityKind.Full, 2 / 0.3);
        yield return new RunStarted(
            new RunDescription("r", "m", "sgd", "d")
            {
                Parameters = 15,
                ProbeSamples = 30,
                Started = Time,
                Analyses = [AnalysisKind.Spectrum],
                Operators = ["hessian"],
            }
        );
        yield return new TrainingReported("r", Time, 3, double.NaN, 0.1, null);
        yield return new CheckpointTaken("r", Time, 3, true)
        {
            Analyses = [AnalysisKind.Spectrum, AnalysisKind.Sharpness],
        };
        yield return new CheckpointMeasured(
            "r",
            Time,
            3,
            AnalysisKind.Spectrum,
            [
                new SpectrumMeasurement(
                    density,
                    [new Estimate(Math.PI, 1e-17)],
                    new Estimate(-1.0 / 3, 0.1),
                    new Estimate(4, 0.5),
                    true,
                    Of(OperatorKind.Hessian),
                    cost
                ),
                new SharpnessMeasurement(
                    [new Estimate(1, double.PositiveInfinity)],
                    [],
                    false,
                    Of(OperatorKind.GaussNewton),
                    cost
                ),
            ],
            [limit],
            StabilityRatio.Of(new Estimate(Math.PI, 0.1), limit),
            cost,
            2,
            0.25
        );
        yield return Failed(JobFailureReason.InvalidCheckpoint);
        yield return Dropped(4);
        yield return new RunDegraded("r", Time, 4, AnalysisKind.Spectrum);
        yield return new TrainerSilent("r", Time, 600);
        yield return new TrainingDiverged("r", Time, 5, "the loss is NaN");
        yield return new TrainingRecovered("r", Time, 6);
        yield return new RunBranched("r", Time, 4, 2);
        yield return new TrainerHeard("r", Time);
        yield return new AnalysisDropped("r", Time, 4, AnalysisKind.Trace, DropReason.Superseded);
        yield return new CheckpointNotSaved("r", Time, 4, "full");
        yield return new ActorRestarted("r", Time, "curvature", "boom");
        yield return Ended();
    }

    private void Write(string bundle, params MonitorEvent[] events)
    {
        using var journal = RunJournal.Open(JournalPath, "r", bundle);
        foreach (var monitorEvent in events)
        {
            journal.Append(monitorEvent);
        }
    }
}
