using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Reports.Runs;

/// <summary>The diagonal block of one module's parameters.</summary>
internal sealed record ModuleReading
{
    /// <summary>How many parameters it has.</summary>
    public long? Parameters { get; init; }

    /// <summary>The block's largest eigenvalue.</summary>
    public double? LambdaMax { get; init; }

    /// <summary>Residual bound of <see cref="LambdaMax"/>: an eigenvalue of the block lies within it.</summary>
    public double? LambdaMaxResidual { get; init; }

    /// <summary>The block's trace.</summary>
    public double? Trace { get; init; }

    /// <summary>Standard error of <see cref="Trace"/>.</summary>
    public double? TraceStderr { get; init; }

    /// <summary>By the module's path or pattern.</summary>
    internal static Dictionary<string, ModuleReading> Of(ModulesMeasurement measured) =>
        measured.Modules.ToDictionary(
            module => module.Module,
            module => new ModuleReading
            {
                Parameters = module.Parameters,
                LambdaMax = module.LambdaMax.Value,
                LambdaMaxResidual = module.LambdaMax.Error,
                Trace = module.Trace.Value,
                TraceStderr = module.Trace.Error,
            }
        );

    /// <summary>How many modules were left out; null where none was.</summary>
    internal static int? LeftOut(ModulesMeasurement measured) => measured.LeftOut == 0 ? null : measured.LeftOut;
}
