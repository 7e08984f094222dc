namespace CurvatureMonitor.Contracts.Models;

/// <summary>The names of losses in files and documents.</summary>
public static class LossNames
{
    private static readonly (Loss Loss, string Name)[] Pairs =
    [
        (Loss.CrossEntropy, "cross_entropy"),
        (Loss.MeanSquaredError, "mse"),
        (Loss.NegativeLogLikelihood, "nll"),
        (Loss.BinaryCrossEntropy, "bce_with_logits"),
        (Loss.AbsoluteError, "l1"),
        (Loss.SmoothAbsoluteError, "smooth_l1"),
        (Loss.Huber, "huber"),
        (Loss.Poisson, "poisson_nll"),
        (Loss.Script, "script"),
    ];

    /// <summary>Every name.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Pairs.Select(pair => pair.Name)];

    /// <summary>A loss's name.</summary>
    public static string Label(this Loss loss) => Pairs.First(pair => pair.Loss == loss).Name;

    /// <summary>The loss of a name; null where there is none.</summary>
    public static Loss? Find(string name)
    {
        foreach (var (loss, known) in Pairs)
        {
            if (known == name)
            {
                return loss;
            }
        }

        return null;
    }
}
