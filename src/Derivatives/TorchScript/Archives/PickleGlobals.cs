using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>The names that a pickle may refer to. Any other is refused before anything is done with it.</summary>
internal static class PickleGlobals
{
    /// <summary>The classes of the archive's own code are below this module.</summary>
    internal const string ScriptPrefix = "__torch__.";

    internal const string OrderedDict = "collections.OrderedDict";
    internal const string RebuildTensor = "torch._utils._rebuild_tensor_v2";
    internal const string RebuildParameter = "torch._utils._rebuild_parameter";
    internal const string Device = "torch.device";
    internal const string IntList = "torch.jit._pickle.build_intlist";
    internal const string DoubleList = "torch.jit._pickle.build_doublelist";
    internal const string BoolList = "torch.jit._pickle.build_boollist";
    internal const string TensorList = "torch.jit._pickle.build_tensorlist";
    internal const string TypeTag = "torch.jit._pickle.restore_type_tag";

    private static readonly HashSet<string> Calls =
    [
        OrderedDict,
        RebuildTensor,
        RebuildParameter,
        Device,
        IntList,
        DoubleList,
        BoolList,
        TensorList,
        TypeTag,
    ];

    /// <summary>The value of a global: an element type's number as TorchScript has it, or a name.</summary>
    /// <exception cref="DerivativeException">It is not one of these.</exception>
    internal static object Resolve(string module, string name, PickleInput input, ArchiveFile file)
    {
        string full = $"{module}.{name}";
        if (ElementTypes.FromName(full) is { } element)
        {
            return (long)(sbyte)element;
        }

        if (Calls.Contains(full) || ElementTypes.FromStorage(full) is not null || IsScriptName(full))
        {
            return new PickleGlobal(full);
        }

        throw file.Refusal(
            input.Place,
            $"refers to {ArchiveFile.Quote(full)}, which is refused: a module of numbers, texts, lists and dense "
                + "tensors on the CPU can be read"
        );
    }

    private static bool IsScriptName(string full) =>
        full.StartsWith(ScriptPrefix, StringComparison.Ordinal)
        && !full.StartsWith("__torch__.torch.classes.", StringComparison.Ordinal)
        && full.Split('.').All(part => part.Length > 0 && part.All(c => char.IsLetterOrDigit(c) || c == '_'));
}
