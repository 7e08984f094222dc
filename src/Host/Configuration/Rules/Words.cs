using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Host.Configuration.Rules;

/// <summary>The words that options choose from.</summary>
internal static class Words
{
    private static readonly Dictionary<Type, object> Lists = new()
    {
        [typeof(OperatorKind)] = Labelled<OperatorKind>(kind => kind.Label()),
        [typeof(AnalysisKind)] = AnalysisKindNames.Saved,
        [typeof(VarianceForm)] = Labelled<VarianceForm>(form => form.Label()),
        [typeof(DensityView)] = Lower<DensityView>(),
        [typeof(ElementType)] = Lower<ElementType>(),
        [typeof(AutocastMode)] = Lower<AutocastMode>(),
        [typeof(BatchNormMode)] = Lower<BatchNormMode>(),
        [typeof(WorkerDeviceKind)] = Lower<WorkerDeviceKind>(),
    };

    /// <summary>The words and what they stand for.</summary>
    internal static IReadOnlyDictionary<string, T> Of<T>()
        where T : struct, Enum => (IReadOnlyDictionary<string, T>)Lists[typeof(T)];

    /// <summary>What one word stands for.</summary>
    /// <param name="word">A word that was checked.</param>
    internal static T One<T>(string word)
        where T : struct, Enum => Of<T>()[word.Trim()];

    /// <summary>What one word stands for; null for none.</summary>
    /// <param name="word">A word that was checked, or null.</param>
    internal static T? Maybe<T>(string? word)
        where T : struct, Enum => word is null ? null : One<T>(word);

    /// <summary>What words with commas between stand for.</summary>
    /// <param name="words">Words that were checked.</param>
    internal static List<T> All<T>(string words)
        where T : struct, Enum => [.. words.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(One<T>)];

    private static Dictionary<string, T> Lower<T>()
        where T : struct, Enum => Labelled<T>(value => value.ToString().ToLowerInvariant());

    private static Dictionary<string, T> Labelled<T>(Func<T, string> label)
        where T : struct, Enum => Enum.GetValues<T>().ToDictionary(label, StringComparer.Ordinal);
}
