
namespace CurvatureMonitor.Training.Tests;

/// <summary>
/// The counter of live native objects belongs to the whole process, so nothing else may run beside these.
/// </summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;
