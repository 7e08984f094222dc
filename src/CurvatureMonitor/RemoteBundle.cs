using System.Text.Json;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Safetensors;
using static TorchSharp.torch;

namespace CurvatureMonitor;

/// <summary>A run's bundle in a temporary folder, from which its files are sent.</summary>
internal sealed class RemoteBundle : IDisposable
{
    private const string Model = "model.pt";

    private readonly DirectoryInfo _folder;
    private readonly RunBundle _bundle;

    private RemoteBundle(DirectoryInfo folder, RunBundle bundle) => (_folder, _bundle) = (folder, bundle);

    /// <summary>Manifest, model and probe set.</summary>
    public IReadOnlyList<string> Files => _bundle.Files;

    /// <summary>Writes what a run is.</summary>
    /// <param name="options">The training.</param>
    /// <exception cref="UserErrorException">The TorchScript file is missing, or the loss is not one that a server
    /// knows.</exception>
    /// <exception cref="BundleException">The folder cannot be written.</exception>
    public static RemoteBundle Of(TrainingMonitorOptions options)
    {
        if (options.TorchScript is null || !File.Exists(options.TorchScript))
        {
            throw new UserErrorException(
                "a server measures the model in TorchScript: give the file that torch.jit.save wrote of it"
            );
        }

        if (options.Loss.BuiltIn is not { } loss)
        {
            throw new UserErrorException("a server knows cross-entropy and mse alone: measure another loss here");
        }

        var folder = Directory.CreateTempSubdirectory("curvature-");
        try
        {
            File.Copy(options.TorchScript, Path.Combine(folder.FullName, Model));
            SafetensorsWriter.WriteFile(
                Path.Combine(folder.FullName, ProbeSet.FileName),
                [Content("inputs", options.ProbeInputs), Content("targets", options.ProbeTargets)]
            );
            new RunManifest(
                options.Run,
                new TorchScriptModelReference(Model),
                loss,
                options.BatchNorm,
                options.MicroBatch
            )
            {
                Training = TrainingOf(options),
                Monitoring = new MonitoringDescription { Modules = options.Settings.Modules },
            }.Write(Path.Combine(folder.FullName, RunManifest.FileName));
            return new RemoteBundle(folder, RunBundle.Open(folder.FullName));
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <returns>The safetensors file, which the caller deletes, and its JSON on one line.</returns>
    public (string Tensors, string Info) Write(Checkpoint checkpoint)
    {
        _bundle.WriteCheckpoint(checkpoint);
        string tensors = _bundle.TensorsPath(checkpoint.Step);
        string commit = Path.ChangeExtension(tensors, ".json");
        using var info = JsonDocument.Parse(File.ReadAllBytes(commit));
        File.Delete(commit);
        return (tensors, JsonSerializer.Serialize(info.RootElement));
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    private static TrainingDescription TrainingOf(TrainingMonitorOptions options)
    {
        var reading = options.Optimizer is { } optimizer ? OptimizerReading.Of(optimizer) : null;
        var description = reading?.Description;
        return new TrainingDescription
        {
            Dataset = options.Dataset.Length == 0 ? null : options.Dataset,
            Samples = options.Samples,
            BatchSize = options.BatchSize,
            Optimizer = description?.Name,
            LearningRate = reading?.LearningRate,
            Momentum = description?.Name == "sgd" ? reading?.Momentum : null,
            Nesterov = description?.Name == "sgd" ? description.Nesterov : null,
            Beta1 = description?.IsAdam == true ? reading?.Momentum : null,
            Beta2 = description?.IsAdam == true ? description.Beta2 : null,
            Epsilon = description?.Damping,
        };
    }

    private static TensorContent Content(string name, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var host = tensor.detach().cpu();
        return host.dtype switch
        {
            ScalarType.Float64 => TensorContent.From(name, host.shape, host.data<double>().ToArray()),
            _ when host.is_floating_point() => TensorContent.From(
                name,
                host.shape,
                host.to(ScalarType.Float32).data<float>().ToArray()
            ),
            _ => TensorContent.From(name, host.shape, host.to(ScalarType.Int64).data<long>().ToArray()),
        };
    }
}
