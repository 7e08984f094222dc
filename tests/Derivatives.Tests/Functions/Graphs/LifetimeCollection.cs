namespace CurvatureMonitor.Derivatives.Tests.Functions.Graphs;

/// <summary>These count the nodes and the memory of the whole process: no other test runs meanwhile.</summary>
[CollectionDefinition(nameof(LifetimeTests), DisableParallelization = true)]
public sealed class LifetimeCollection;
