namespace CurvatureMonitor.Bench;

/// <summary>
/// What other programs take on this kind of machine and libtorch, in gradients a product: measured with the same
/// models, samples and mode, at an earlier time; one figure a model in the order of <see cref="Models"/>, none where
/// the program has no such product.
/// </summary>
internal sealed record Peers(string Name, IReadOnlyList<double> Hessian, IReadOnlyList<double> GaussNewton)
{
    internal const string PeakRebuilt = "1200 to 1600 MB";
    internal const string PeakKept = "2100 MB";

    internal static IReadOnlyList<string> Models { get; } = ["mlp", "lenet", "vgg16-bn"];

    internal static IReadOnlyList<Peers> Quoted { get; } =
    [
        new("PyHessian", [2.4, 3.1, 5.1], []),
        new("hessian-eigenthings 1.0a", [2.5, 2.9, 5.8], [1.9, 2.0, 1.5]),
        new("curvlinops 1.1", [4.0, 4.9, 13.6], [2.3, 2.8, 5.2]),
        new("Deep Curvature Suite", [2.4, 2.8, 6], [2.1, 2.8, 4.8]),
    ];

    /// <summary>Seconds of whole Lanczos runs: m steps on a model.</summary>
    internal static IReadOnlyDictionary<(string Model, int Steps), string> LanczosSeconds { get; } =
        new Dictionary<(string Model, int Steps), string> { [("lenet", 20)] = "26 s", [("mlp", 100)] = "40 to 54 s" };
}
