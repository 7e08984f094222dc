using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary>Makes an object of a class of the program; a tuple with names takes its values in order.</summary>
internal sealed class NewNode(SourcePlace place, ClassLayout layout, Node[] arguments, bool constructs)
    : Node(place)
{
    /// <inheritdoc/>
    internal override object? Evaluate(Frame frame)
    {
        var made = Instance.Create(layout);
        if (layout.IsTuple)
        {
            for (int i = 0; i < arguments.Length; i++)
            {
                made.Write(frame.Run, i, arguments[i].Evaluate(frame));
            }

            return made;
        }

        if (constructs && layout.Methods.TryGetValue("__init__", out var constructor))
        {
            constructor.Call(frame.Run, [made, .. arguments.Select(argument => argument.Evaluate(frame))], Place);
        }

        return made;
    }
}
