namespace CurvatureMonitor.Derivatives.TorchScript.Execution;

/// <summary>What one forward pass may use before it is stopped.</summary>
/// <param name="MaxSteps">Statements and operations.</param>
/// <param name="MaxBytes">Bytes that lists and strings take together, none of them released in between.</param>
/// <param name="MaxCallDepth">Functions within functions.</param>
/// <param name="Deadline">Cancelled when its time is over.</param>
internal sealed record ScriptLimits(
    long MaxSteps = 100_000_000,
    long MaxBytes = 256L << 20,
    int MaxCallDepth = 100,
    CancellationToken Deadline = default
);
