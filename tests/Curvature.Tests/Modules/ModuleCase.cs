using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Analyses;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Curvature.Tests.Cases;

namespace CurvatureMonitor.Curvature.Tests.Modules;

/// <summary>The modules of a reference case, measured as a job and <c>analyze</c> do.</summary>
internal static class ModuleCase
{
    internal static ModulesMeasurement Measure(
        string name,
        AnalysisSettings settings,
        ElementType type = ElementType.Float64,
        OperatorKind kind = OperatorKind.Hessian
    )
    {
        using var reference = new ReferenceCase(name, type);
        using var memory = new AnalysisMemory();
        settings = settings with { Operators = [kind] };
        using var context = Context(reference, settings, memory, AnalysisKind.Modules);
        return ModulesAnalysis.Measure(context, kind);
    }

    internal static AnalysisContext Context(
        ReferenceCase reference,
        AnalysisSettings settings,
        AnalysisMemory memory,
        params AnalysisKind[] analyses
    ) =>
        new()
        {
            Linearization = reference.Linearization,
            Checkpoint = new MeasuredCheckpoint(1, reference.Theta, LearningRate: null),
            Settings = settings,
            Memory = memory,
            Analyses = analyses,
            Optimizer = new OptimizerDescription(),
            Time = TimeProvider.System,
        };
}
