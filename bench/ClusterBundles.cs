using System.Globalization;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Data;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Bench;

/// <summary>Bundles of small networks on disk, with more checkpoints than a worker remembers results of.</summary>
internal sealed class ClusterBundles : IDisposable
{
    /// <summary>Lanczos steps of a job that is soon done.</summary>
    internal const int ShortJob = 16;

    private const string Model = "mlp";
    private const int Samples = 500;

    private readonly List<(RunBundle Bundle, RunProbe Probe, CheckpointLayout Layout)> _runs = [];

    internal ClusterBundles(string folder, int runs, int checkpoints, TrainTestData data)
    {
        var definition = BuiltInModels.Create(Model, NamedArguments.Parse(Model, "model").Arguments);
        using var model = definition.Instantiate(ElementType.Float32, Device.Cpu, seed: 1);
        var digits = data.Train.TakeBalanced(Samples);
        for (int run = 0; run < runs; run++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"bench-{run}");
            var manifest = new RunManifest(
                name,
                new TorchScriptModelReference("model.pt"),
                Loss.CrossEntropy,
                BatchNormMode.Eval,
                100
            );
            var bundle = RunBundle.Create(
                Path.Combine(folder, name),
                manifest,
                ProbeSet.Classification(digits.Images, digits.Shape, digits.Labels),
                model
            );
            for (int step = 1; step <= checkpoints; step++)
            {
                using var instance = definition.Instantiate(ElementType.Float32, Device.Cpu, seed: step);
                using var theta = Vector.Zeros(instance.ParameterCount, ElementType.Float32, Device.Cpu);
                instance.GetParameters(theta);
                using var checkpoint = Checkpoint.Capture(
                    new CheckpointInfo(name, step, DateTimeOffset.UnixEpoch),
                    CheckpointLayout.Of(model),
                    theta
                );
                bundle.WriteCheckpoint(checkpoint);
            }

            var source = BundleProbeSource.Open(bundle, ElementType.Float32, Device.Cpu);
            _runs.Add((bundle, new RunProbe(name, source), source.Layout));
        }

        Checkpoints = checkpoints;
    }

    internal int Runs => _runs.Count;

    internal int Checkpoints { get; }

    /// <summary>A job, and what it is done on; the caller disposes the checkpoint.</summary>
    internal BenchJob Job(int run, long step, int lanczosSteps)
    {
        var (bundle, probe, layout) = _runs[run];
        var settings = new AnalysisSettings { LanczosSteps = lanczosSteps, Seed = 1 };
        return new BenchJob(
            new AnalyseCheckpoint(new JobId(bundle.Manifest.Run, step, AnalysisKind.Spectrum), settings),
            probe,
            bundle.ReadCheckpoint(step, layout)
        );
    }

    public void Dispose() => _runs.ForEach(run => run.Probe.Dispose());
}
