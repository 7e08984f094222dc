using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Operations;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Rewriting;

/// <summary>
/// Casts whose names tell the type: to the pass's own in place of any of floating point, unless the pass keeps those to
/// narrower ones.
/// </summary>
internal static class CastOperations
{
    /// <summary>Adds the operations to a table.</summary>
    internal static void Register(OperationTable table)
    {
        Add(table, "float double _cast_Float _cast_Double", ScalarType.Float32);
        Add(table, "half _cast_Half", ScalarType.Float16);
        Add(table, "bfloat16 _cast_BFloat16", ScalarType.BFloat16);

        // A device alone, as lengths are put on the host: libtorch's own form of that is none of its schemas.
        table.Add(
            "to",
            "self device dtype non_blocking copy",
            (run, a) =>
                a[1] is Device to && Take.Or(a[2], null) is null && Take.Or(a[4], null) is not true
                    ? Put(a[0], to)
                    : Operation.Unfit
        );

        // What libtorch makes of autocast in a program that it has optimised.
        table.Add(
            "_autocast_to_full_precision",
            "self cuda_enabled cpu_enabled",
            (run, a) => Cast(run, a[0], run.Type)
        );
        table.Add(
            "_autocast_to_reduced_precision",
            "self cuda_enabled cpu_enabled cuda_dtype cpu_dtype",
            (run, a) => a[2] is true && a[4] is long code ? Cast(run, a[0], run.Chosen(code)) : Values.Retain(a[0])
        );
    }

    private static void Add(OperationTable table, string names, ScalarType type) =>
        table.Add(names, "self", (run, a) => Cast(run, a[0], run.Chosen((long)type)));

    private static object? Put(object? value, Device device) =>
        value is not HeldTensor x ? Operation.Unfit
        : x.Tensor.device_type == device.type && x.Tensor.device_index == device.index ? Values.Retain(x)
        : new HeldTensor(x.Tensor.to(device));

    private static object? Cast(RunState run, object? value, ScalarType type) =>
        value is not HeldTensor x ? Operation.Unfit
        : x.Tensor.dtype == type ? Values.Retain(x)
        : new HeldTensor(x.Tensor.to(type));
}
