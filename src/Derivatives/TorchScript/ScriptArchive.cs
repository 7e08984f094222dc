using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript;

/// <summary>A TorchScript file as data: nothing of it has been run.</summary>
/// <param name="Root">The module.</param>
/// <param name="Code">The text of each source file, by its module path: <c>__torch__.torch.nn.modules.linear</c> for
/// <c>code/__torch__/torch/nn/modules/linear.py</c>.</param>
/// <param name="Constants">The values that the code names <c>CONSTANTS.c0</c>, <c>CONSTANTS.c1</c>, ….</param>
/// <param name="Tensors">Every tensor of the file, each storage once; disposed with the archive.</param>
internal sealed record ScriptArchive(
    ScriptObject Root,
    IReadOnlyDictionary<string, string> Code,
    IReadOnlyList<object?> Constants,
    IReadOnlyList<Tensor> Tensors
) : IDisposable
{
    /// <summary>The format's version; operations that changed their meaning had the older one below it.</summary>
    public long Version { get; init; } = 10;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors)
        {
            tensor.Dispose();
        }
    }
}
