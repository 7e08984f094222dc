using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Objectives;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>
/// What a bundle's curvature is measured of: its model and loss on its probe set, at one checkpoint after the other.
/// Owns all of it.
/// </summary>
internal sealed class BundleProbe : IDisposable
{
    private readonly CheckpointLayout _layout;
    private readonly Vector? _buffers;

    private readonly LossFunction _loss;
    private ProbeSet? _samples;

    private BundleProbe(RunBundle bundle, ScriptModel model, LossFunction loss, Objective objective)
    {
        _loss = loss;
        Bundle = bundle;
        Objective = objective;
        Model = model;
        _layout = CheckpointLayout.Of(model);
        Theta = Vector.Zeros(objective.ParameterCount, objective.ElementType, objective.Device);
        _buffers =
            objective.BufferCount == 0
                ? null
                : Vector.Zeros(objective.BufferCount, objective.ElementType, objective.Device);
    }

    internal RunBundle Bundle { get; }

    internal ScriptModel Model { get; }

    internal Objective Objective { get; }

    /// <summary>θ of the checkpoint that was loaded last.</summary>
    internal Vector Theta { get; }

    /// <summary>Adam's ν of that checkpoint; null where it holds none.</summary>
    internal Vector? SecondMoments { get; private set; }

    /// <summary>Adam's step count at that checkpoint; null where the bundle does not tell.</summary>
    internal long? OptimizerStep { get; private set; }

    /// <summary>Opens a bundle to be measured.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="step">A step whose checkpoint decides on the element type where none is asked for.</param>
    /// <param name="type">The element type to compute in; null for the one that the checkpoint is stored in.</param>
    /// <param name="device">Where to compute.</param>
    /// <exception cref="BundleException">A file cannot be used, or model, probe set and checkpoint do not fit each
    /// other.</exception>
    /// <exception cref="DerivativeException">Memory is used up.</exception>
    internal static BundleProbe Open(RunBundle bundle, long step, ElementType? type, Device device)
    {
        ScriptModel? model = null;
        try
        {
            model = BundleModel.Load(bundle, type ?? ElementType.Float32, device);
            if (type is null && StoredType(bundle, step, model) == ElementType.Float64)
            {
                model.Dispose();
                model = BundleModel.Load(bundle, ElementType.Float64, device);
            }

            var probe = bundle.ReadProbe();
            using var samples = probe.ToSamples(model.ElementType, device);
            var loss = BundleModel.LossOf(bundle, probe);
            return new BundleProbe(
                bundle,
                model,
                loss,
                BundleModel.CreateObjective(bundle, model, loss, samples, probe.InputText)
            );
        }
        catch
        {
            model?.Dispose();
            throw;
        }
    }

    /// <summary>The step that a user's word means: a number, or null for the latest.</summary>
    /// <exception cref="BundleException">There is no such checkpoint.</exception>
    internal static long FindStep(RunBundle bundle, long? step)
    {
        var steps = bundle.CheckpointSteps();
        string folder = Path.Combine(bundle.Directory, "checkpoints");
        if (steps.Count == 0)
        {
            throw new BundleException(
                folder,
                null,
                "holds no checkpoint",
                "write one (its JSON file commits it), docs/bundles.md tells how"
            );
        }

        return step is not { } wanted ? steps[^1]
            : steps.Contains(wanted) ? wanted
            : throw new BundleException(
                folder,
                null,
                $"holds no checkpoint of step {wanted}",
                $"choose from {Listing(steps)}"
            );
    }

    /// <summary>Goes to a checkpoint.</summary>
    /// <returns>What the bundle says of it.</returns>
    /// <exception cref="BundleException">It cannot be read, does not fit the model, or holds a number that is not
    /// finite.</exception>
    internal CheckpointInfo Load(long step)
    {
        using var checkpoint = Bundle.ReadCheckpoint(step, _layout);
        if (checkpoint.FindNonFinite() is { } name)
        {
            throw new BundleException(
                Bundle.Directory,
                name,
                $"holds NaN or an infinity at step {step}",
                "choose a checkpoint from before the training broke"
            );
        }

        checkpoint.CopyParametersTo(Theta);
        OptimizerStep = checkpoint.Info.OptimizerStep;
        SecondMoments?.Dispose();
        SecondMoments = null;
        if (checkpoint.HasSecondMoments)
        {
            SecondMoments = Theta.ZerosLike();
            checkpoint.CopySecondMomentsTo(SecondMoments);
        }

        if (_buffers is not null)
        {
            checkpoint.CopyBuffersTo(_buffers);
            Objective.SetBuffers(_buffers);
        }

        checkpoint.CopyDiscretesTo(Objective);

        return checkpoint.Info;
    }

    /// <summary>
    /// A batch of the probe set as an objective of its own, with the buffers of the checkpoint; the caller disposes it.
    /// </summary>
    /// <param name="chosen">Sample numbers, from 0.</param>
    /// <param name="size">The batch size, by which batch norm in mode train normalises.</param>
    /// <exception cref="DerivativeException">libtorch refused.</exception>
    internal Objective CreateBatch(long[] chosen, int size)
    {
        _samples ??= Bundle.ReadProbe();
        var manifest = Bundle.Manifest;
        using var samples = _samples.Select(chosen).ToSamples(Objective.ElementType, Objective.Device);
        var batch = new Objective(
            Model,
            samples,
            _loss,
            manifest.BatchNorm,
            Objective.CouplesSamples ? size : Math.Min(size, manifest.MicroBatch)
        );
        if (_buffers is not null)
        {
            batch.SetBuffers(_buffers);
        }

        batch.SetDiscretesFrom(Objective);

        return batch;
    }

    public void Dispose()
    {
        SecondMoments?.Dispose();
        _buffers?.Dispose();
        Theta.Dispose();
        Objective.Dispose();
        Model.Dispose();
    }

    private static string Listing(IReadOnlyList<long> steps) =>
        steps.Count <= 6
            ? string.Join(", ", steps)
            : $"{string.Join(", ", steps.Take(3))} … {steps[^1]} ({steps.Count} in all)";

    private static ElementType StoredType(RunBundle bundle, long step, ScriptModel model)
    {
        using var checkpoint = bundle.ReadCheckpoint(step, CheckpointLayout.Of(model));
        return checkpoint.ElementType;
    }
}
