namespace CurvatureMonitor.Derivatives.TorchScript.Execution;

/// <summary>The variables of one function while it runs.</summary>
internal sealed class Frame
{
    internal Frame(RunState run, int locals)
    {
        Run = run;
        Locals = new object?[locals];
        Array.Fill(Locals, Unset.Value);
    }

    /// <summary>The pass.</summary>
    internal RunState Run { get; }

    /// <summary>One place a variable.</summary>
    internal object?[] Locals { get; }

    /// <summary>What the function returns.</summary>
    internal object? Result { get; set; }
}
