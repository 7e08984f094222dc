using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Metrics.Catalogue;
using CurvatureMonitor.Metrics.Series;

namespace CurvatureMonitor.Metrics.Projections;

/// <summary>The blocks of modules; a module that is not measured any more has no samples.</summary>
internal sealed class ModulesProjection : MeasurementProjection<ModulesMeasurement>
{
    protected override void Apply(
        ModulesMeasurement measurement,
        string name,
        CheckpointMeasured measured,
        RunSeries run
    )
    {
        var families = run.Families.Modules;
        var modules = measurement.Modules.Take(SeriesLimits.Modules).ToList();
        foreach (string gone in run.Replace(families.LambdaMax, name, modules.ConvertAll(module => module.Module)))
        {
            run.Set(families.LambdaMax, families.LambdaMaxResidual, null, gone, name);
            run.Set(families.Trace, families.TraceError, null, gone, name);
        }

        foreach (var module in modules)
        {
            run.Set(families.LambdaMax, families.LambdaMaxResidual, module.LambdaMax, module.Module, name);
            run.Set(families.Trace, families.TraceError, module.Trace, module.Module, name);
        }

        run.Set(families.LeftOut, measurement.LeftOut + measurement.Modules.Count - modules.Count);
    }
}
