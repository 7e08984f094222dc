using System.Runtime.InteropServices;

namespace CurvatureMonitor.Derivatives.Functions.Graphs;

/// <summary>
/// A node of libtorch's graph: a reference that keeps it, until the graph does, and one that does not.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NodeHandle
{
    internal nint Shared;
    internal nint Weak;
}
