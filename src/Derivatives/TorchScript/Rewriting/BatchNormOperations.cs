using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Operations;

namespace CurvatureMonitor.Derivatives.TorchScript.Rewriting;

/// <summary>
/// Every batch norm in the mode that the caller of the pass asks for, not in the one that the program was saved in.
/// </summary>
internal static class BatchNormOperations
{
    private const string Plain =
        "input weight bias running_mean running_var training momentum eps cudnn_enabled";

    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "batch_norm",
        "native_batch_norm",
        "cudnn_batch_norm",
        "_native_batch_norm_legit",
        "_native_batch_norm_legit_functional",
        "_native_batch_norm_legit_no_training",
        "_batch_norm_impl_index",
        "_batch_norm_with_update",
        "_batch_norm_no_update",
    };

    /// <summary>Whether an operation is a batch norm.</summary>
    internal static bool IsBatchNorm(string name) => Names.Contains(name);

    /// <summary>Adds the operations to a table.</summary>
    internal static void Register(OperationTable table)
    {
        table.Add(
            "batch_norm",
            Plain,
            (run, a) => Normalise(run, a, a[3], a[4], a[5], a[6], a[7])
        );
        Several(table, "native_batch_norm", 3);
        Several(table, "_native_batch_norm_legit_functional", 5);
        Several(table, "cudnn_batch_norm", 4);
        Several(table, "_batch_norm_impl_index", 5);
        table.Add(
            "_native_batch_norm_legit",
            "input weight bias running_mean running_var training momentum eps",
            (run, a) =>
                a[3] is bool
                    ? With(3, Normalise(run, a, null, null, a[3], a[4], a[5]))
                    : With(3, Normalise(run, a, a[3], a[4], a[5], a[6], a[7]))
        );
        table.Add(
            "_native_batch_norm_legit_no_training",
            "input weight bias running_mean running_var momentum eps",
            (run, a) => With(3, Normalise(run, a, a[3], a[4], false, a[5], a[6]))
        );
        table.Add(
            "_batch_norm_with_update _batch_norm_no_update",
            "input weight bias running_mean running_var momentum eps",
            (run, a) => With(4, Normalise(run, a, a[3], a[4], false, a[5], a[6]))
        );
        table.Add(
            "instance_norm",
            "input weight bias running_mean running_var use_input_stats momentum eps cudnn_enabled",
            InstanceNorm
        );
    }

    private static void Several(OperationTable table, string name, int results) =>
        table.Add(
            name,
            Plain,
            (run, a) => With(results, Normalise(run, a, a[3], a[4], a[5], a[6], a[7]))
        );

    // The statistics that these operations return besides are for their own derivatives; models drop them.
    private static object?[] With(int count, object? result)
    {
        object?[] results = new object?[count];
        results[0] = result;
        return results;
    }

    private static HeldTensor Normalise(
        RunState run,
        object?[] a,
        object? mean,
        object? variance,
        object? training,
        object? momentum,
        object? epsilon
    )
    {
        if (
            a[0] is not HeldTensor x
            || !Take.TryOptional(a[1], out var weight)
            || !Take.TryOptional(a[2], out var bias)
            || Take.Or(epsilon, 1e-5) is not double eps
        )
        {
            throw new InvalidCastException("its operands are not those of a batch norm");
        }

        var use = run.BatchNorm;
        if (
            mean is not HeldTensor runningMean
            || variance is not HeldTensor runningVariance
            || (training is true && !runningMean.IsFrozen && (runningMean.KeepsCall || runningMean.Origin is null))
        )
        {
            run.UsedBatch = true;
            RequireSeveral(x.Tensor);
            return new HeldTensor(LayerFunctions.BatchNorm(x.Tensor, weight, bias, eps));
        }

        // libtorch's own interpreter does what the call says.
        run.WasRewritten |= training is true;
        if (!use.NormalisesWithBatch || runningMean.IsFrozen)
        {
            return new HeldTensor(
                LayerFunctions.StoredBatchNorm(
                    x.Tensor,
                    weight,
                    bias,
                    runningMean.Tensor,
                    runningVariance.Tensor,
                    eps
                )
            );
        }

        RequireSeveral(x.Tensor);
        return new HeldTensor(
            use.UpdatesStatistics
                ? LayerFunctions.UpdatingBatchNorm(
                    x.Tensor,
                    weight,
                    bias,
                    runningMean.Origin ?? runningMean.Tensor,
                    runningVariance.Origin ?? runningVariance.Tensor,
                    use.Momentum ?? Take.Or(momentum, null) as double? ?? 0.1,
                    eps
                )
                : LayerFunctions.BatchNorm(x.Tensor, weight, bias, eps)
        );
    }

    // One value has no variance.
    private static void RequireSeveral(TorchSharp.torch.Tensor x)
    {
        if (x.dim() > 1 && x.NumberOfElements == x.shape[1])
        {
            throw new InvalidCastException(
                "batch norm with the statistics of the batch needs more than one value a channel; raise micro_batch, "
                    + "or measure with the running statistics"
            );
        }
    }

    // Statistics of the input are used without changing the running ones.
    private static object? InstanceNorm(RunState run, object?[] a)
    {
        if (a[5] is not true)
        {
            return Operation.Unfit;
        }

        object?[] values = [.. a];
        values[3] = values[4] = null;
        return new GenericOperation("instance_norm", new string?[values.Length]).Invoke(values);
    }
}
