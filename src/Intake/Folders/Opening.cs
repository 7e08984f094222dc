using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Intake.Folders;

/// <summary>A bundle that another process is opening.</summary>
/// <param name="Bundle">The bundle.</param>
/// <param name="Description">What it holds, once that is known.</param>
internal sealed record Opening(RunBundle Bundle, Task<BundleDescription?> Description);
