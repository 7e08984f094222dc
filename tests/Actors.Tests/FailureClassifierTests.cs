using CurvatureMonitor.Actors.Failures;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Curvature;
using CurvatureMonitor.Curvature.Analyses;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Data;

namespace CurvatureMonitor.Actors.Tests;

public sealed class FailureClassifierTests
{
    public static TheoryData<Exception, FailureKind, JobFailureReason?> Failures =>
        new()
        {
            { new UserErrorException("a"), FailureKind.UserError, JobFailureReason.InvalidCheckpoint },
            { new BundleException("f", null, "p", "r"), FailureKind.UserError, JobFailureReason.InvalidCheckpoint },
            { new TrainingConfigurationException("a"), FailureKind.UserError, JobFailureReason.InvalidCheckpoint },
            { new DatasetException("f", "p", "r"), FailureKind.UserError, JobFailureReason.InvalidCheckpoint },
            { new DerivativeException(DerivativeErrorKind.DeviceUnavailable, "a"), FailureKind.UserError, null },
            {
                new DerivativeException(DerivativeErrorKind.OutOfMemory, "a"),
                FailureKind.Measurement,
                JobFailureReason.OutOfMemory
            },
            {
                new DerivativeException(DerivativeErrorKind.NonFinite, "a"),
                FailureKind.Measurement,
                JobFailureReason.NonFinite
            },
            { new DerivativeException(DerivativeErrorKind.Native, "a"), FailureKind.Measurement, null },
            { new CurvatureException("a"), FailureKind.Measurement, null },
            { new AnalysisRefusedException("a"), FailureKind.Measurement, JobFailureReason.UnsupportedOperation },
            { new MonitorStoppingException(), FailureKind.Stopping, null },
            { new TaskCanceledException(), FailureKind.Cancelled, JobFailureReason.Cancelled },
            { new ArgumentException("a"), FailureKind.Bug, null },
            { new ArgumentOutOfRangeException("a"), FailureKind.Bug, null },
            { new InvalidOperationException("a"), FailureKind.Bug, null },
            { new OverflowException("a"), FailureKind.Bug, null },
            { new IOException("a"), FailureKind.Bug, null },
        };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Every_failure_has_its_kind_and_its_jobs_reason(
        Exception failure,
        FailureKind kind,
        JobFailureReason? reason
    )
    {
        Assert.Equal(kind, FailureClassifier.Classify(failure));
        Assert.Equal(kind, FailureClassifier.Classify(new AggregateException(failure)));
        Assert.Equal(reason, FailureClassifier.ReasonOf(failure));
    }
}
