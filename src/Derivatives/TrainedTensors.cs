namespace CurvatureMonitor.Derivatives;

/// <summary>Which parameters of a model θ has, in words.</summary>
public static class TrainedTensors
{
    private const int Named = 3;

    /// <summary>
    /// <c>all</c>, or how many tensors of how many, and the first of them: <c>2 of 6 tensors: head.weight, …</c>.
    /// </summary>
    public static string DescribeTrained(this ScriptModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        int trained = model.Parameters.Count,
            all = trained + model.Frozen.Count;
        if (trained == all)
        {
            return "all";
        }

        string names = string.Join(", ", model.Parameters.Take(Named).Select(slot => slot.Name));
        return FormattableString.Invariant($"{trained} of {all} tensors: {names}{(trained > Named ? ", …" : "")}");
    }
}
