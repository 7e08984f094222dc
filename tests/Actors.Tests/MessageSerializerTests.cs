using System.Text.Json;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Serialization;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>Messages arrive as they were sent, and nothing but messages does.</summary>
public sealed class MessageSerializerTests : TestKit
{
    private static readonly JobId Id = new("a run", 7, AnalysisKind.Spectrum);

    private readonly MessageSerializer _serializer;

    public MessageSerializerTests()
        : base(CheckedMessages.Configuration) => _serializer = new MessageSerializer((ExtendedActorSystem)Sys);

    public static TheoryData<object> Messages =>
        [
            new JobFailed(Id, JobFailureReason.NonFinite, "λ is \"no\" number", 0.1 + 0.2, 2),
            new JobAnswered(new JobDropped(Id, DropReason.Superseded)),
            new AssignJob(new AnalyseCheckpoint(Id, new AnalysisSettings { Seed = 3 }, 2), 1.5, 11),
            new BeginTraining(),
            new CheckpointRefused(3, DateTimeOffset.UnixEpoch.AddTicks(1), "gone"),
            new Replay(
                new AnalysisDropped("r", DateTimeOffset.UnixEpoch, 3, AnalysisKind.Trace, DropReason.Poison),
                ToMetrics: true
            ),
            new TrainerHeard("r", DateTimeOffset.UnixEpoch),
            new TrainingReport(1, DateTimeOffset.UnixEpoch, double.NaN, null),
        ];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_arrives_as_it_was_sent(object message) => Assert.Equivalent(message, Again(message), true);

    [Fact]
    public void Measurements_arrive_to_the_last_bit()
    {
        var report = Reports.Sharpness(3) with { PreconditionedSharpness = new Estimate(1 / 3.0, double.Epsilon) };
        var arrived = (Measured)Again(new Measured(Id, report, new MeasurementCost(1, 0.1, 2), 1));
        Assert.Equal(report.PreconditionedSharpness, arrived.Report.PreconditionedSharpness);
        Assert.Equivalent(report.Measurements[0], arrived.Report.Measurements[0], true);
    }

    [Fact]
    public void An_address_is_that_of_the_same_actor()
    {
        var offer = new OfferJob(new AnalyseCheckpoint(Id, new AnalysisSettings()), TestActor);
        Assert.Equal(TestActor, ((OfferJob)Again(offer)).ReplyTo);
    }

    [Fact]
    public void Names_are_of_one_message_each_and_stand_with_their_version()
    {
        Assert.Equal("assign_job/1", MessageCatalogue.ManifestOf(new AssignJob(null!, 0, 0)));
        Assert.All(MessageCatalogue.All, type => Assert.True(type.IsSealed, $"{type} is not sealed"));
    }

    [Fact]
    public void What_is_no_message_is_neither_written_nor_read()
    {
        Assert.Throws<ArgumentException>(() => _serializer.ToBinary("text"));
        Assert.Contains(
            "assign_job/2",
            Assert.Throws<JsonException>(() => _serializer.FromBinary([], "assign_job/2")).Message,
            StringComparison.Ordinal
        );
    }

    private object Again(object message) =>
        _serializer.FromBinary(_serializer.ToBinary(message), _serializer.Manifest(message));
}
