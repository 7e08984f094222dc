using System.Collections.Concurrent;
using System.Text;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Operations.Schemas;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>
/// Writes the TorchScript function of a generic call, and has libtorch compile it. The call must fit one of the
/// operation's schemas, since an error of that compiler ends the process.
/// </summary>
internal sealed class GenericSource
{
    // libtorch never releases a function that it has compiled.
    private const int MaxFunctions = 20_000;

    private static readonly ConcurrentDictionary<string, Lazy<jit.CompilationUnit>> Functions = new();

    private readonly StringBuilder _parameters = new();
    private readonly StringBuilder _call = new();
    private readonly StringBuilder _lines = new();
    private int _count;
    private int _lists;

    private GenericSource() { }

    /// <summary>The function for arguments of these kinds.</summary>
    /// <exception cref="DerivativeException">There is no such operation, or none for these kinds.</exception>
    internal static GenericFunction Compile(string name, string?[] names, object?[] values)
    {
        var parameters = Match(name, names, values);
        string source = Write(name, names, values, parameters);
        if (Functions.Count >= MaxFunctions && !Functions.ContainsKey(source))
        {
            throw new DerivativeException(
                DerivativeErrorKind.OutOfMemory,
                $"more than {MaxFunctions} different operations were compiled in this process"
            );
        }

        LibTorch.Prepare();
        var unit = Functions
            .GetOrAdd(
                source,
                text => new Lazy<jit.CompilationUnit>(() =>
                    Contained.Run(() => jit.compile(text), $"libtorch does not know {name} with these arguments")
                )
            )
            .Value;
        int[] elementTypes = [.. Enumerable.Range(0, values.Length).Where(i => parameters[i].Type.IsElementType)];
        return new GenericFunction(unit, elementTypes);
    }

    private static SchemaParameter[] Match(string name, string?[] names, object?[] values)
    {
        var schemas = SchemaTable.Find(name);
        if (schemas.Length == 0)
        {
            throw Unsupported("there is no such operation");
        }

        return schemas.Select(schema => schema.Match(names, values)).FirstOrDefault(match => match is not null)
            ?? throw Unsupported(
                $"the operation takes no {string.Join(", ", values.Select(Values.Kind))} in this order"
            );
    }

    private static string Write(string name, string?[] names, object?[] values, SchemaParameter[] parameters)
    {
        var source = new GenericSource();
        for (int i = 0; i < values.Length; i++)
        {
            source._call.Append(i == 0 ? string.Empty : ", ");
            if (i < names.Length && names[i] is { } parameter)
            {
                source._call.Append(parameter).Append('=');
            }

            if (parameters[i].Type.IsIntegers && values[i] is long && !parameters[i].Type.IsSized)
            {
                source._call.Append('[');
                Array.ForEach(values[i..], value => source.Element(value, parameters[i].Type));
                source._call.Append(']');
                break;
            }

            source.Append(values[i], parameters[i].Type);
        }

        return $"def call({source._parameters}):\n{source._lines}    return torch.{name}({source._call})\n";
    }

    private static DerivativeException Unsupported(string problem) =>
        new(DerivativeErrorKind.UnsupportedOperation, problem);

    private void Append(object? value, SchemaType type)
    {
        switch (value)
        {
            case null:
                _call.Append("None");
                break;
            case HeldTensor:
                _call.Append(Parameter("Tensor"));
                break;
            case long:
                _call.Append(Parameter("int"));
                break;
            case double:
                _call.Append(Parameter("float"));
                break;
            case bool:
                _call.Append(Parameter("bool"));
                break;
            case string text:
                _call.Append(TextLiteral.Write(text));
                break;
            case Device device:
                _call.Append("torch.device(").Append(TextLiteral.Write(device.ToString())).Append(')');
                break;
            case List<object?> list:
                AppendList(list, type);
                break;
            case object?[] tuple:
                AppendList([.. tuple], type);
                break;
            default:
                throw new InvalidCastException($"{Values.Kind(value)} is no argument of an operation");
        }
    }

    private void AppendList(List<object?> list, SchemaType type)
    {
        bool areTensors = GenericArguments.IsTensorList(list);
        if (areTensors && !type.HasOptionalItems)
        {
            _call.Append(Parameter("List[Tensor]"));
            return;
        }

        if (!type.HasOptionalItems && list.Count > 0)
        {
            _call.Append('[');
            list.ForEach(element => Element(element, type));
            _call.Append(']');
            return;
        }

        // The items alone do not tell the type, so that the list is a variable of its own.
        string item = type.HasOptionalItems ? $"Optional[{type.Base}]" : type.Base == "Scalar" ? "float" : type.Base;
        string name = $"b{_lists++}";
        string tensors = areTensors ? Parameter("List[Tensor]") : string.Empty;
        var items = list.Select(
            (element, i) =>
                areTensors ? $"{tensors}[{i}]"
                : element is null ? "None"
                : Parameter(type.Base)
        );
        _lines.Append($"    {name}: List[{item}] = [{string.Join(", ", items)}]\n");
        _call.Append(name);
    }

    private void Element(object? item, SchemaType type)
    {
        Append(item, type);
        _call.Append(", ");
    }

    private string Parameter(string type)
    {
        string name = $"a{_count++}";
        _parameters.Append(_count == 1 ? string.Empty : ", ").Append(name).Append(": ").Append(type);
        return name;
    }
}
