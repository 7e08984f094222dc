using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Execution;

/// <summary>A statement that is ready to run.</summary>
internal abstract class Instruction(SourcePlace place)
{
    /// <summary>Where it stands in the source.</summary>
    internal SourcePlace Place { get; } = place;

    /// <summary>Runs it.</summary>
    internal abstract Flow Execute(Frame frame);

    /// <summary>Runs statements until one leaves the block.</summary>
    internal static Flow Run(Instruction[] block, Frame frame)
    {
        foreach (var instruction in block)
        {
            frame.Run.Step(instruction.Place);
            var flow = instruction.Execute(frame);
            if (flow != Flow.Next)
            {
                return flow;
            }
        }

        return Flow.Next;
    }
}
