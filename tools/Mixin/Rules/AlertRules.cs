namespace CurvatureMonitor.Mixin.Rules;

/// <summary>All alerts.</summary>
internal static class AlertRules
{
    /// <summary>The groups in order.</summary>
    /// <param name="configuration">Thresholds and selectors.</param>
    public static IReadOnlyList<AlertGroup> All(MixinConfiguration configuration) =>
        [
            new("curvature-sharpness", new SharpnessAlerts(configuration).All()),
            new("curvature-statistics", new StatisticsAlerts(configuration).All()),
            new("curvature-operations", new OperationsAlerts(configuration).All()),
        ];

    /// <summary>
    /// Restricts an expression to runs whose trainer is at work: the last values of a run that is over alarm nobody.
    /// </summary>
    /// <param name="configuration">The selectors.</param>
    public static string WhileRunning(MixinConfiguration configuration) =>
        $"and on ({configuration.RunLabels}) {configuration.Metric("curvature_run_state", "state=\"running\"")} == 1";
}
