using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>
/// A model with the samples that it is tried on, and a point: what most tests of products begin with.
/// </summary>
internal class ModelOnSamples : IDisposable
{
    private readonly ScriptModel _model;
    private readonly Samples _samples;

    /// <summary>Takes model and samples over.</summary>
    internal ModelOnSamples(ScriptModel model, Samples samples, BatchNormMode mode, int microBatch)
    {
        _model = model;
        _samples = samples;
        Objective = new Objective(model, samples, Loss.CrossEntropy, mode, microBatch);
        Theta = TinyModels.Theta(model, 5);
    }

    internal Objective Objective { get; }

    internal Vector Theta { get; }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        Theta.Dispose();
        Objective.Dispose();
        _samples.Dispose();
        _model.Dispose();
    }
}
