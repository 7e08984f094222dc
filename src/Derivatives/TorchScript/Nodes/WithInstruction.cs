using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary>
/// <c>with item: …</c> of autocast, which is done without: the statements within run in the pass's own element type.
/// </summary>
internal sealed class WithInstruction(SourcePlace place, Node[] items, Target?[] targets, Instruction[] body)
    : Instruction(place)
{
    /// <inheritdoc/>
    internal override Flow Execute(Frame frame)
    {
        for (int i = 0; i < items.Length; i++)
        {
            object? item = items[i].Evaluate(frame);
            Note(frame.Run, item);
            targets[i]?.Store(frame, item);
        }

        return Run(body, frame);
    }

    private void Note(RunState run, object? item)
    {
        if (item is not Instance { Layout: { Name: var name } layout } instance || !IsAutocast(name))
        {
            throw Place.Unsupported("'with' is not supported of anything but autocast");
        }

        // A type that is not said is that of the device.
        if (Read("_enabled") is not false)
        {
            var device = Read("device") as string == "cuda" ? ScalarType.Float16 : ScalarType.BFloat16;
            run.OpenedAutocast(Read("fast_dtype") is long code ? code : (long)device);
        }

        object? Read(string attribute) =>
            layout.IndexOf(attribute) is >= 0 and var index ? instance.Read(run, index) : null;
    }

    private static bool IsAutocast(string name) =>
        name.Contains(".autocast_mode.", StringComparison.Ordinal)
        && name.EndsWith(".autocast", StringComparison.Ordinal);
}
