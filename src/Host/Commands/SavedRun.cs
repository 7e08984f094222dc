using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Stores;
using CurvatureMonitor.Training;
using CurvatureMonitor.Training.Data;
using CurvatureMonitor.Training.Models;
using CurvatureMonitor.Training.Optimizers;

namespace CurvatureMonitor.Host.Commands;

/// <summary>Makes the run bundle that <c>--save</c> asks for.</summary>
internal static class SavedRun
{
    private const string ModelFile = "model.pt";

    /// <summary>A store that writes the run's checkpoints to a new bundle in <paramref name="folder"/>.</summary>
    /// <exception cref="BundleException">The folder cannot be written, or holds a run already.</exception>
    internal static DirectoryCheckpointStore Create(string folder, TrainingRequest request)
    {
        if (RunBundle.Exists(folder))
        {
            throw new UserErrorException($"--save {folder}: a run is saved there already; choose another folder");
        }

        if (!RunName.IsValid(request.Run))
        {
            throw new UserErrorException(
                $"--run {request.Run}: the name of a saved run becomes part of its files; {RunName.Rule}"
            );
        }

        var training = request.Training;
        var probe = request.ProbeData ?? request.TrainingData;
        using var model = BuiltInModels
            .Create(training.Model.Name, training.Model.Arguments)
            .Instantiate(training.ElementType, training.Device, training.Seed);
        var manifest = new RunManifest(
            request.Run,
            new TorchScriptModelReference(ModelFile),
            training.Loss,
            request.ProbeBatchNorm,
            request.ProbeMicroBatch
        )
        {
            Training = Describe(training, request.TrainingData),
            Monitoring = new MonitoringDescription { Modules = request.Settings.Modules },
        };
        var bundle = RunBundle.Create(
            folder,
            manifest,
            ProbeSet.Classification(probe.Images, probe.Shape, probe.Labels),
            model
        );
        var store = new DirectoryCheckpointStore();
        store.Attach(bundle, CheckpointLayout.Of(model));
        return store;
    }

    private static TrainingDescription Describe(TrainingOptions training, ImageDataset data)
    {
        var optimizer = training.Optimizer;
        bool sgd = optimizer.Kind == OptimizerKind.Sgd;
        return new TrainingDescription
        {
            Dataset = data.Name,
            Samples = data.Count,
            BatchSize = training.BatchSize,
            Optimizer = optimizer.Name,
            LearningRate = optimizer.LearningRate,
            Momentum = sgd ? optimizer.Momentum : null,
            Nesterov = sgd ? optimizer.Nesterov : null,
            Beta1 = sgd ? null : optimizer.Beta1,
            Beta2 = sgd ? null : optimizer.Beta2,
            Epsilon = sgd ? null : optimizer.Epsilon,
            WeightDecay = optimizer.WeightDecay,
        };
    }
}
