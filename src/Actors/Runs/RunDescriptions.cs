using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>Describes a run that starts, for journal, metrics and page.</summary>
internal static class RunDescriptions
{
    /// <summary>A training in this process.</summary>
    public static RunDescription Of(TrainingRequest request, RunProbe probe, DateTimeOffset now) =>
        Of(
            request,
            probe,
            now,
            request.Training.Model.Name,
            request.TrainingData.Name,
            request.Training.Optimizer.Name,
            request.Training.Steps
        );

    /// <summary>A training that this program makes itself.</summary>
    public static RunDescription Of(ModuleRequest request, RunProbe probe, DateTimeOffset now) =>
        Of(request, probe, now, request.ModelName, request.Dataset, request.OptimizerName, request.Steps);

    /// <summary>A training elsewhere.</summary>
    public static RunDescription Of(IntakeRequest request, RunProbe probe, DateTimeOffset now)
    {
        var (model, training) = (request.Bundle.Manifest.Model, request.Bundle.Manifest.Training);
        string name = model is BuiltInModelReference builtIn ? builtIn.Name : ((TorchScriptModelReference)model).File;
        return Of(request, probe, now, name, training.Dataset ?? "", training.Optimizer ?? "", steps: null);
    }

    private static RunDescription Of(
        MonitoringRequest request,
        RunProbe probe,
        DateTimeOffset now,
        string model,
        string dataset,
        string optimizer,
        long? steps
    ) =>
        new(request.Run, model, optimizer, dataset, request.Revision)
        {
            Momentum = probe.Optimizer.Momentum,
            Parameters = probe.ParameterCount,
            Loss = probe.Loss,
            BatchNorm = probe.HasBatchNorm ? probe.BatchNorm.ToString().ToLowerInvariant() : "",
            Trained = probe.Trained,
            Autocast = probe.Autocast,
            Steps = steps,
            ProbeSamples = probe.SampleCount,
            Started = now,
            Analyses = [.. request.Analyses.Select(cadence => cadence.Kind)],
            Operators = [.. request.Settings.Operators.Select(kind => kind.Label())],
            Damping = probe.Optimizer.Damping,
        };
}
