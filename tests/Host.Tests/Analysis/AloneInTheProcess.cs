namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>
/// Tests that compare numbers to the last bit: libtorch's number of threads, which others set, belongs to the process.
/// </summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;
