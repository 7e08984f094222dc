using CurvatureMonitor.Derivatives.Devices;

namespace CurvatureMonitor.Derivatives.Functions.Graphs;

/// <summary>
/// The pass through a graph in which the calling thread runs a node. libtorch knows it on its own threads too: it runs
/// the nodes of a device on a thread of that device, which all passes share.
/// </summary>
internal static unsafe class GraphTask
{
    private static readonly delegate* unmanaged[SuppressGCTransition]<int> FindId =
        (delegate* unmanaged[SuppressGCTransition]<int>)LibTorchSymbol.Find(
            "_ZN5torch8autograd25get_current_graph_task_idEv",
            "?get_current_graph_task_id@autograd@torch@@YAHXZ"
        );

    private static readonly delegate* unmanaged[SuppressGCTransition]<byte> FindKeepsGraph =
        (delegate* unmanaged[SuppressGCTransition]<byte>)LibTorchSymbol.Find(
            "_ZN5torch8autograd33get_current_graph_task_keep_graphEv",
            "?get_current_graph_task_keep_graph@autograd@torch@@YA_NXZ"
        );

    /// <summary>A number no other pass of the process has; -1 outside a pass or where libtorch does not tell.</summary>
    internal static int Id => FindId == null ? -1 : FindId();

    /// <summary>Whether another pass may follow through the same graph; true where libtorch does not tell.</summary>
    internal static bool KeepsGraph => FindKeepsGraph == null || FindKeepsGraph() != 0;
}
