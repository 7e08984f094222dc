using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Objectives;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Actors.Analysis;

/// <summary>
/// Turns what a run bundle holds into models and objectives; what does not fit is one line about the file concerned.
/// </summary>
public static class BundleModel
{
    /// <summary>Loads the model that a bundle names, from its file or as a built-in one.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="type">The element type to compute in.</param>
    /// <param name="device">Where to compute.</param>
    /// <returns>The model, which the caller disposes.</returns>
    /// <exception cref="BundleException">There is no such model, or the file is no TorchScript module.</exception>
    /// <exception cref="DerivativeException">Memory is used up, or the device is not here.</exception>
    public static ScriptModel Load(RunBundle bundle, ElementType type, Device device)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        if (bundle.Manifest.Model is BuiltInModelReference builtIn)
        {
            if (bundle.Manifest.Parameters is not null)
            {
                throw new BundleException(
                    Path.Combine(bundle.Directory, RunManifest.FileName),
                    "parameters",
                    "are chosen of a built-in model",
                    "leave the key out: all of its parameters are trained"
                );
            }

            try
            {
                return BuiltInModels.Create(builtIn.Name, builtIn.Arguments).Instantiate(type, device, seed: 0);
            }
            catch (TrainingConfigurationException exception)
            {
                throw new BundleException(
                    Path.Combine(bundle.Directory, RunManifest.FileName),
                    "model",
                    $"cannot be built: {exception.Message}",
                    "name a built-in model as it was trained",
                    exception
                );
            }
        }

        try
        {
            return ScriptModel.Load(
                bundle.ModelPath!,
                type,
                device,
                bundle.Manifest.Parameters,
                bundle.Manifest.Autocast
            );
        }
        catch (DerivativeException exception)
            when (exception.Kind is DerivativeErrorKind.InvalidArgument or DerivativeErrorKind.Native)
        {
            throw new BundleException(
                bundle.ModelPath!,
                null,
                $"is no TorchScript module that libtorch here can load ({exception.Message})",
                "write it with torch.jit.save",
                exception
            );
        }
    }

    /// <summary>Opens a bundle in this process, and passes its first samples through the model.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="type">The element type to compute in; null for that of the probe set's inputs.</param>
    /// <param name="device">Where to compute.</param>
    /// <returns>What is to be known of it where it is not opened.</returns>
    /// <exception cref="BundleException">A file cannot be used, or they do not go together.</exception>
    /// <exception cref="DerivativeException">Memory is used up, or an operation is not supported.</exception>
    public static BundleDescription Describe(RunBundle bundle, ElementType? type, Device device)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        using var source = BundleProbeSource.Open(bundle, type, device);
        return new BundleDescription(
            source.SampleCount,
            source.ElementType,
            source.Layout.Parameters,
            source.Layout.Buffers
        )
        {
            Discretes = source.Layout.Discretes,
            Trained = source.Trained,
            Autocast = source.Autocast,
            HasBatchNorm = source.HasBatchNorm,
        };
    }

    /// <summary>The loss that a bundle names; one object for all of its objectives.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="probe">Its probe set, with the loss's weights.</param>
    /// <exception cref="BundleException">Its file or weights cannot be used.</exception>
    public static LossFunction LossOf(RunBundle bundle, ProbeSet probe)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(probe);
        try
        {
            return LossFunction.Of(
                bundle.Manifest.Loss,
                name =>
                    probe.Others.TryGetValue(name, out var found) ? new LossWeights(found.Shape, found.Values) : null,
                bundle.Directory
            );
        }
        catch (DerivativeException exception)
        {
            throw new BundleException(
                bundle.LossPath ?? bundle.ProbePath,
                "loss",
                $"cannot be used ({exception.Message})",
                "write a TorchScript module whose forward takes outputs and targets",
                exception
            );
        }
    }

    /// <summary>
    /// The objective of a bundle: its model and loss on its probe set. Passes the first samples through the model.
    /// </summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="model">Its model.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="samples">Its probe set.</param>
    /// <param name="inputs">Names and shapes of the inputs, for messages.</param>
    /// <exception cref="BundleException">Model, probe set and loss do not go together.</exception>
    /// <exception cref="DerivativeException">Memory is used up, or an operation is not supported.</exception>
    public static Objective CreateObjective(
        RunBundle bundle,
        ScriptModel model,
        LossFunction loss,
        Samples samples,
        string inputs
    )
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(model);
        var manifest = bundle.Manifest;
        CheckOrder(bundle, model.InputNames);
        try
        {
            return new Objective(model, samples, loss, manifest.BatchNorm, manifest.MicroBatch);
        }
        catch (DerivativeException exception)
            when (exception.Kind is DerivativeErrorKind.InvalidArgument or DerivativeErrorKind.Native)
        {
            // The forward pass of the first samples is part of the construction: what fails here is that model and data
            // do not go together.
            throw new BundleException(
                bundle.ModelPath ?? bundle.Directory,
                null,
                $"cannot be evaluated on inputs {inputs}: {exception.Message}",
                "give model, probe set and loss of the same run",
                exception
            );
        }
    }

    // Tensors of one type could stand for each other without a word.
    private static void CheckOrder(RunBundle bundle, IReadOnlyList<string> taken)
    {
        var given = bundle.Manifest.Inputs ?? [];
        for (int i = 0; i < given.Count; i++)
        {
            if (i < taken.Count && given[i] != taken[i] && taken.Contains(given[i]))
            {
                throw new BundleException(
                    Path.Combine(bundle.Directory, RunManifest.FileName),
                    "inputs",
                    $"name {given[i]} where the model's forward has {taken[i]}",
                    $"name the inputs in the order of forward: {string.Join(", ", taken)}"
                );
            }
        }
    }
}
