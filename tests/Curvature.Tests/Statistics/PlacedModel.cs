using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>A model at a point, with the data that it is measured on.</summary>
internal sealed class PlacedModel : IDisposable
{
    private readonly List<IDisposable> _owned;

    internal PlacedModel(ScriptModel model, Samples data, Vector theta)
    {
        var objective = new Objective(model, data, Loss.MeanSquaredError, BatchNormMode.Eval, 16);
        Linearization = new Linearization(objective, theta);
        _owned = [Linearization, objective, theta, data, model];
    }

    internal Linearization Linearization { get; }

    public void Dispose() => _owned.ForEach(owned => owned.Dispose());
}
