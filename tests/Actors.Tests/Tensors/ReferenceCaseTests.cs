using System.Text.Json;
using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Tests;

namespace CurvatureMonitor.Actors.Tests.Tensors;

/// <summary>
/// The bundles beside the repository were written by other programs, and their losses computed by them.
/// </summary>
public sealed class ReferenceCaseTests
{
    [Theory]
    [MemberData(nameof(CasesFolder.Names), MemberType = typeof(CasesFolder))]
    public void A_reference_bundle_is_read_whole_and_its_loss_is_the_expected_one(string name)
    {
        using JsonDocument expected = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(CasesFolder.Case(name), "expected.json"))
        );
        RunBundle bundle = RunBundle.Open(CasesFolder.Case(name));
        ProbeSet probe = bundle.ReadProbe();
        using ScriptModel model = ScriptModel.Load(bundle.ModelPath!, ElementType.Float64, Device.Cpu);
        CheckpointLayout layout = CheckpointLayout.Of(model);
        Assert.Equal([1L], bundle.CheckpointSteps());
        using Checkpoint checkpoint = bundle.ReadCheckpoint(1, layout);

        Assert.Equal(expected.RootElement.GetProperty("parameters").GetInt32(), layout.ParameterCount);
        Assert.Equal(expected.RootElement.GetProperty("samples").GetInt64(), probe.Count);
        Assert.Equal(ElementType.Float64, checkpoint.ElementType);
        Assert.Null(checkpoint.FindNonFinite());

        double loss = expected.RootElement.GetProperty("loss").GetDouble();
        Assert.Equal(loss, checkpoint.Info.Loss!.Value, 1e-12);
        Assert.Equal(0.1, checkpoint.Info.LearningRate);
        Assert.Equal(loss, Evaluate(bundle.Manifest, model, probe, checkpoint), 1e-12);
    }

    private static double Evaluate(RunManifest manifest, ScriptModel model, ProbeSet probe, Checkpoint checkpoint)
    {
        using Samples samples = probe.ToSamples(ElementType.Float64, Device.Cpu);
        using Vector theta = Vector.Zeros(checkpoint.Layout.ParameterCount, ElementType.Float64, Device.Cpu);
        using Vector buffers = Vector.Zeros(checkpoint.Layout.BufferCount, ElementType.Float64, Device.Cpu);
        checkpoint.CopyParametersTo(theta);
        checkpoint.CopyBuffersTo(buffers);
        var loss = manifest.Loss.Kind;
        using var objective = new Objective(model, samples, loss, manifest.BatchNorm, manifest.MicroBatch);
        objective.SetBuffers(buffers);
        return objective.Evaluate(theta).Loss;
    }
}
