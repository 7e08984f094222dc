using System.Text;
using CurvatureMonitor.Storage.Journals;

namespace CurvatureMonitor.Storage.Tests.Formats;

/// <summary>Every line of an earlier version's journal is read with all that it says.</summary>
public sealed class EarlierEventTests
{
    public static TheoryData<string, int> Every
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string journal in new[] { EarlierFiles.Events, EarlierFiles.Measurements })
            {
                foreach (int number in Enumerable.Range(0, EarlierFiles.Lines(journal).Length))
                {
                    data.Add(journal, number);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Every))]
    public void Nothing_that_a_line_says_is_lost(string journal, int number)
    {
        byte[] line = Encoding.UTF8.GetBytes(EarlierFiles.Lines(journal)[number]);
        byte[] again = EventJson.Write(EventJson.Read(line));
        Assert.Empty(JsonLeaves.Of(line).Except(JsonLeaves.Of(again)));
    }

    [Fact]
    public void There_are_lines_of_every_kind_that_there_was()
    {
        Assert.Equal(
            [
                "actor_restarted",
                "analysis_failed",
                "checkpoint_dropped",
                "checkpoint_measured",
                "checkpoint_not_saved",
                "checkpoint_taken",
                "run_degraded",
                "run_ended",
                "run_started",
                "trainer_heard",
                "trainer_silent",
                "training_progressed",
                "training_reported",
            ],
            Named("event")
        );
        Assert.Equal(
            [
                "batch_sharpness_measurement",
                "batch_spectrum_measurement",
                "layer_sharpness_measurement",
                "preconditioned_sharpness_measurement",
                "sharpness_measurement",
                "spectrum_measurement",
                "trace_measurement",
                "tracking_measurement",
                "variance_measurement",
            ],
            Named("measurement")
        );
    }

    private static IEnumerable<string> Named(string property) =>
        EarlierFiles
            .Lines(EarlierFiles.Events)
            .Concat(EarlierFiles.Lines(EarlierFiles.Measurements))
            .SelectMany(line => JsonLeaves.Of(Encoding.UTF8.GetBytes(line)))
            .Select(leaf => leaf.Split(" = "))
            .Where(leaf => leaf[0].EndsWith($".{property}", StringComparison.Ordinal))
            .Select(leaf => leaf[1].Trim('"'))
            .Distinct()
            .Order(StringComparer.Ordinal);
}
