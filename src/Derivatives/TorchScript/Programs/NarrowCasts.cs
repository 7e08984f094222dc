using CurvatureMonitor.Derivatives.Passes;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Programs;

/// <summary>
/// Casts to narrow types in the text of a program, where no pass of our own tells of them: libtorch's interpreter makes
/// them, whatever is asked for.
/// </summary>
internal static class NarrowCasts
{
    // Calls with an element type among their later arguments, and what opens autocast.
    private static readonly string[] Calls = ["torch.to(", "torch.type(", "torch._to_copy(", ".to("];
    private static readonly string[] Names = ["autocast.__new__", ".half(", ".bfloat16("];

    /// <summary>The types that a program's source says.</summary>
    internal static NarrowTypes In(IEnumerable<string> texts)
    {
        var found = NarrowTypes.None;
        foreach (string text in texts)
        {
            found |= Names.Any(name => text.Contains(name, StringComparison.Ordinal))
                ? NarrowTypes.BFloat16
                : NarrowTypes.None;
            found |= Named(text, ScalarType.Float16) | Named(text, ScalarType.BFloat16);
            foreach (string call in Calls)
            {
                for (int at = Next(0); at >= 0; at = Next(at))
                {
                    found |= CallTexts
                        .Arguments(text, at)
                        .Skip(1)
                        .Aggregate(NarrowTypes.None, (types, one) => types | Type(one));
                }

                int Next(int from) =>
                    text.IndexOf(call, from, StringComparison.Ordinal) is >= 0 and var start ? start + call.Length : -1;
            }
        }

        return found;
    }

    private static NarrowTypes Named(string text, ScalarType type) =>
        Array.Exists([',', ')', '\n'], end => text.Contains($"dtype={(int)type}{end}", StringComparison.Ordinal))
            ? type.ToNarrow()
            : NarrowTypes.None;

    private static NarrowTypes Type(string argument) =>
        int.TryParse(argument, out int code) ? ((ScalarType)code).ToNarrow() : NarrowTypes.None;
}
