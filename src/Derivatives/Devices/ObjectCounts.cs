namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>How many objects of each kind hold tensors now: the counters that show that nothing leaks.</summary>
internal static class ObjectCounts
{
    private static readonly string[] KindNames =
    [
        "vector",
        "basis",
        "model",
        "samples",
        "objective",
        "linearization",
    ];

    private static readonly long[] Counts = new long[KindNames.Length];

    internal enum Kind
    {
        Vector,
        Basis,
        Model,
        Samples,
        Objective,
        Linearization,
    }

    internal static void Add(Kind kind) => Interlocked.Increment(ref Counts[(int)kind]);

    internal static void Remove(Kind kind) => Interlocked.Decrement(ref Counts[(int)kind]);

    internal static IReadOnlyDictionary<string, long> ByKind() =>
        KindNames.Select((name, i) => (name, count: Interlocked.Read(ref Counts[i])))
            .ToDictionary(pair => pair.name, pair => pair.count);
}
