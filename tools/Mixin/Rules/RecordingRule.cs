namespace CurvatureMonitor.Mixin.Rules;

/// <summary>A recording rule.</summary>
/// <param name="Name">The name of the new series, <c>level:metric:operation</c>.</param>
/// <param name="Expression">PromQL.</param>
internal sealed record RecordingRule(string Name, string Expression);
