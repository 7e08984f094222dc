using System.Runtime.Serialization;
using System.Text;
using CurvatureMonitor.Actors.Cluster.Wire;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Actors.Tests.Cluster;

/// <summary>Messages of the cluster arrive as they were sent, and nothing but those does.</summary>
public sealed class WireFormatTests
{
    private static readonly JobId Id = new("a run", 7, AnalysisKind.Spectrum);

    public static TheoryData<object> Messages =>
        [
            new WorkerReport("w", WorkerState.Busy, "cuda:1", 1L << 40, "2.10.0", "machine", 7, 3, 2, 11)
            {
                Instance = "host",
                Job = Id,
                SecondsLeft = 0.1 + 0.2,
            },
            Answer(new JobFailed(Id, JobFailureReason.NonFinite, "λ is \"no\" number", 0.1 + 0.2, 2)),
            Answer(new JobDropped(Id, DropReason.Missing)),
            new JobReturned(3, "it stops"),
            new WorkerWelcome("host"),
            new DoJob(
                "host",
                12,
                Id,
                2,
                new AnalysisSettings { Seed = 3, LanczosSteps = null, SpectrumTolerance = 1e-9 },
                ElementType.Float64,
                new JobClaims(
                    new Uri("http://host:9464/api/blobs/"),
                    [new BlobClaim("run.json", new string('a', 64), 5)],
                    [new BlobClaim("checkpoints/step-7.safetensors", new string('b', 64), long.MaxValue)]
                )
            ),
            new CancelAssignment(12),
            new AnswerTaken(Guid.NewGuid()),
            new RunEnded("host", "a run"),
        ];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_arrives_as_it_was_sent(object message) => Assert.Equivalent(message, Again(message), true);

    [Fact]
    public void Every_kind_of_message_is_known()
    {
        var messages = typeof(IWireMessage)
            .Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IWireMessage)));
        Assert.Equal(messages.ToHashSet(), WireFormat.All.ToHashSet());
    }

    [Fact]
    public void Measurements_arrive_to_the_last_bit()
    {
        var report = Reports.Sharpness(1 / 3.0, double.NaN) with
        {
            PreconditionedSharpness = new Estimate(-0.0, double.Epsilon),
        };
        var sent = Answer(new Measured(Id, report, new MeasurementCost(1, 0.1, 2), 1));
        var arrived = (Measured)((AnswerSent)Again(sent)).Answer;
        Assert.Equal(report.PreconditionedSharpness, arrived.Report.PreconditionedSharpness);
        Assert.Equivalent(report.Measurements[0], arrived.Report.Measurements[0], true);
    }

    [Theory]
    [InlineData("do_job/2", "{}")]
    [InlineData("System.Collections.Hashtable", "{}")]
    [InlineData("cancel_assignment/1", "null")]
    [InlineData("cancel_assignment/1", "{\"assignment\":\"x\"}")]
    [InlineData("answer_sent/1", "{\"answer\":{\"$type\":\"System.Diagnostics.Process\"}}")]
    [InlineData("worker_welcome/1", "{")]
    public void What_is_no_message_of_the_cluster_is_refused(string manifest, string body) =>
        Assert.Throws<SerializationException>(() => WireFormat.Read(Encoding.UTF8.GetBytes(body), manifest));

    [Fact]
    public void Other_objects_are_not_written()
    {
        Assert.Throws<SerializationException>(() => WireFormat.Write("text"));
        Assert.Throws<SerializationException>(() => WireFormat.ManifestOf(RequestWork.Instance));
    }

    private static AnswerSent Answer(JobAnswer answer) => new(Guid.NewGuid(), "host", 5, "w", answer, IsFree: true);

    private static IWireMessage Again(object message) =>
        WireFormat.Read(WireFormat.Write(message), WireFormat.ManifestOf(message));
}
