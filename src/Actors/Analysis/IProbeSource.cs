using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Actors.Analysis;

/// <summary>Where a run's objective comes from: a built-in model on images here, or a bundle from outside.</summary>
internal interface IProbeSource : IDisposable
{
    /// <summary>N, the samples of the probe set.</summary>
    long SampleCount { get; }

    /// <summary>b, samples a micro-batch.</summary>
    int MicroBatch { get; }

    /// <summary>What batch norm normalises with.</summary>
    BatchNormMode BatchNorm { get; }

    /// <summary>The loss with its options; empty where it has no name.</summary>
    string Loss { get; }

    /// <summary>Which parameters are measured: all, or how many and the first of them.</summary>
    string Trained => "all";

    /// <summary>What is done with the program's casts to types of less precision; empty where it has none.</summary>
    string Autocast => "";

    /// <summary>Whether the model has batch norm, or that is not known yet.</summary>
    bool HasBatchNorm => true;

    /// <summary>The optimiser.</summary>
    OptimizerDescription Optimizer { get; }

    /// <summary>P.</summary>
    long ParameterCount { get; }

    /// <summary>The type of the vectors.</summary>
    ElementType ElementType { get; }

    /// <summary>Where curvature is computed.</summary>
    Device Device { get; }

    /// <summary>The bundle that it was read from; null where it was not.</summary>
    RunBundle? Bundle => null;

    /// <summary>Puts the probe set on the device; called once.</summary>
    /// <returns>The samples, which the caller disposes.</returns>
    Samples CreateSamples();

    /// <summary>Makes an objective with a copy of the model of its own.</summary>
    /// <param name="samples">The samples.</param>
    Objective CreateObjective(Samples samples);
}
