namespace CurvatureMonitor.Curvature.Tests.Support;

/// <summary>Tests that count native objects or bytes of the whole process, so nothing may run beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
