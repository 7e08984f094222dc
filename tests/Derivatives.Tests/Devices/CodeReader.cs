using System.Reflection;
using System.Reflection.Emit;

namespace CurvatureMonitor.Derivatives.Tests.Devices;

/// <summary>Which methods a compiled method calls.</summary>
internal static class CodeReader
{
    private const BindingFlags All =
        BindingFlags.DeclaredOnly
        | BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Static
        | BindingFlags.Instance;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>Every method and constructor of an assembly whose types can be loaded.</summary>
    internal static IEnumerable<MethodBase> Methods(Assembly assembly) =>
        Types(assembly).SelectMany(type => type.GetMembers(All).OfType<MethodBase>());

    /// <summary>What a method calls, or takes the address of.</summary>
    internal static List<MethodBase> Calls(MethodBase method)
    {
        List<MethodBase> calls = [];
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        int at = 0;
        while (at < code.Length)
        {
            short value = code[at] == 0xfe ? (short)(0xfe00 | code[at + 1]) : code[at];
            var operation = Codes[value];
            at += operation.Size;
            if (operation.OperandType is OperandType.InlineMethod or OperandType.InlineTok)
            {
                Add(method, BitConverter.ToInt32(code, at), calls);
            }

            at += Length(operation.OperandType, code, at);
        }

        return calls;
    }

    /// <summary>A method as it is declared, without its type arguments.</summary>
    internal static MethodBase Definition(MethodBase method) =>
        method.DeclaringType is { IsGenericType: true } || method.IsGenericMethod
            ? method.Module.ResolveMethod(method.MetadataToken) ?? method
            : method;

    private static int Length(OperandType type, byte[] code, int at) =>
        type switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
            _ => 4,
        };

    private static void Add(MethodBase method, int token, List<MethodBase> calls)
    {
        var types = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var arguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        try
        {
            if (method.Module.ResolveMember(token, types, arguments) is MethodBase called)
            {
                calls.Add(called);
            }
        }
        catch (Exception exception) when (exception is IOException or TypeLoadException)
        {
            // Of an assembly that is not here, such as those of TorchSharp's picture formats.
        }
    }

    private static Type[] Types(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException exception)
        {
            return [.. exception.Types.OfType<Type>()];
        }
    }
}
