namespace CurvatureMonitor.Derivatives.TorchScript;

/// <summary>A model as TorchScript text with the tensors that the text reads.</summary>
/// <param name="Name">An identifier; it becomes the module's class name.</param>
/// <param name="Source">The text of <c>def forward(self, x: Tensor) -&gt; Tensor:</c>. It reads its tensors as
/// <c>self.conv1.weight</c>.</param>
/// <param name="Parameters">The parameters, in the order of the flat vector.</param>
/// <param name="Buffers">The buffers, such as running statistics.</param>
public sealed record ScriptModelSource(
    string Name,
    string Source,
    IReadOnlyList<TensorSpec> Parameters,
    IReadOnlyList<TensorSpec> Buffers
);
