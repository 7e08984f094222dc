namespace CurvatureMonitor.Derivatives.TorchScript.Execution;

/// <summary>The value of <c>range(start, stop, step)</c>, never a list.</summary>
internal sealed record RangeValue(long Start, long Stop, long Step)
{
    /// <summary>How many numbers it has.</summary>
    internal long Count =>
        Step > 0
            ? Stop <= Start ? 0 : (Stop - Start - 1) / Step + 1
            : Stop >= Start ? 0 : (Start - Stop - 1) / -Step + 1;

    /// <summary>Number i.</summary>
    internal long At(long i) => Start + (i * Step);
}
