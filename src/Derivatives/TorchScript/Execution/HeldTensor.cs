using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Execution;

/// <summary>
/// A tensor among the values of a run, with a count of the places that hold it, so that its memory is released as soon
/// as the program cannot reach it. Made with a count of 1, which belongs to who made it.
/// </summary>
internal sealed class HeldTensor(Tensor tensor)
{
    /// <summary>The tensor.</summary>
    internal Tensor Tensor { get; } = tensor;

    /// <summary>How many places hold it.</summary>
    internal int Uses { get; set; } = 1;

    /// <summary>
    /// Whether its memory belongs to the caller or to the program: never disposed, never changed in place.
    /// </summary>
    internal bool IsForeign { get; init; }

    /// <summary>The caller's tensor that this one is, or is a copy of.</summary>
    internal Tensor? Origin { get; init; }

    /// <summary>Whether another tensor may share its memory.</summary>
    internal bool IsShared { get; set; }

    /// <summary>Whether it may share the memory of a foreign one, so that it may not be changed in place.</summary>
    internal bool SharesForeign { get; set; }

    /// <summary>Whether it is a running statistic of a layer that stays in evaluation mode.</summary>
    internal bool IsFrozen { get; init; }

    /// <summary>
    /// Whether a batch norm that gets it as a running statistic and says that it normalises with the batch does so in
    /// every mode: it is no layer whose mode is known.
    /// </summary>
    internal bool KeepsCall { get; init; }
}
