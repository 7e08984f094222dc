using System.Globalization;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript.Compilation;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Rewriting;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Programs;

/// <summary>The classes and functions of a program's source texts, ready to run.</summary>
internal sealed class Library : IProgramNames
{
    private static readonly HashSet<string> Recurrent =
    [
        "lstm",
        "gru",
        "rnn_tanh",
        "rnn_relu",
        "lstm_cell",
        "gru_cell",
        "rnn_tanh_cell",
        "rnn_relu_cell",
    ];

    private readonly Dictionary<string, Function> _functions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ClassLayout> _classes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _parameters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _buffers = new(StringComparer.Ordinal);
    private readonly List<(Function Function, FunctionStatement Syntax, string Module)> _bodies = [];
    private readonly SortedSet<string> _unknown = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<Cell> _constants;

    /// <summary>Compiles a program.</summary>
    /// <param name="modules">The statements of each source text, by its module path.</param>
    /// <param name="constants">The values of <c>CONSTANTS</c>.</param>
    internal Library(IReadOnlyDictionary<string, IReadOnlyList<Statement>> modules, IReadOnlyList<Cell> constants)
    {
        _constants = constants;
        foreach (var (module, statements) in modules)
        {
            foreach (var statement in statements)
            {
                Declare(module, statement);
            }
        }

        foreach (var (function, syntax, module) in _bodies)
        {
            Compile(function, syntax, module);
        }
    }

    /// <summary>Whether any function of the program calls a batch norm.</summary>
    internal bool HasBatchNorm { get; private set; }

    /// <summary>Whether an operation is a recurrent layer.</summary>
    internal bool HasRecurrentLayer { get; private set; }

    /// <summary>Whether a function has several ways through it.</summary>
    internal bool Branches { get; private set; }

    /// <summary>The operations that neither libtorch nor the interpreter has.</summary>
    internal IReadOnlyCollection<string> UnknownOperations => _unknown;

    /// <inheritdoc/>
    public Function? FindFunction(string name) => _functions.GetValueOrDefault(name);

    /// <inheritdoc/>
    public ClassLayout? FindClass(string name) => _classes.GetValueOrDefault(name);

    /// <inheritdoc/>
    public Cell? FindConstant(int number) => number >= 0 && number < _constants.Count ? _constants[number] : null;

    /// <inheritdoc/>
    public void Note(string operation, bool isMethod)
    {
        HasBatchNorm |= BatchNormOperations.IsBatchNorm(operation);
        HasRecurrentLayer |= Recurrent.Contains(operation);
        if (!isMethod && !Rewrites.IsKnown(operation))
        {
            _unknown.Add(operation);
        }
    }

    /// <inheritdoc/>
    public void NoteBranch() => Branches = true;

    /// <summary>Whether a class names an attribute as a parameter.</summary>
    internal bool IsParameter(ClassLayout layout, string attribute) =>
        _parameters.GetValueOrDefault(layout.Name)?.Contains(attribute) == true;

    /// <summary>Whether a class names an attribute as a buffer.</summary>
    internal bool IsBuffer(ClassLayout layout, string attribute) =>
        _buffers.GetValueOrDefault(layout.Name)?.Contains(attribute) == true;

    private void Declare(string module, Statement statement)
    {
        switch (statement)
        {
            case FunctionStatement function:
                _functions[$"{module}.{function.Name}"] = Function($"{module}.{function.Name}", function, module);
                break;
            case ClassStatement type:
                DeclareClass(module, type);
                break;
            default:
                break;
        }
    }

    private Function Function(string name, FunctionStatement syntax, string module)
    {
        var function = new Function(name, syntax.Parameters, syntax.Place);
        _bodies.Add((function, syntax, module));
        return function;
    }

    private void DeclareClass(string module, ClassStatement type)
    {
        var layout = new ClassLayout($"{module}.{type.Name}") { IsTuple = type.Base == "NamedTuple" };
        _classes[layout.Name] = layout;
        foreach (var statement in type.Body)
        {
            switch (statement)
            {
                case FunctionStatement method:
                    layout.Methods[method.Name] = Function($"{layout.Name}.{method.Name}", method, module);
                    break;
                case AnnotatedStatement { Target: NameExpression name, Value: null }:
                    layout.Add(name.Name);
                    break;
                case AnnotatedStatement { Target: NameExpression name, Value: { } value }:
                    layout.Constants[name.Name] = Constant(value);
                    break;
                case AssignStatement { Targets: [NameExpression { Name: "__parameters__" }], Value: var list }:
                    _parameters[layout.Name] = Strings(list);
                    break;
                case AssignStatement { Targets: [NameExpression { Name: "__buffers__" }], Value: var list }:
                    _buffers[layout.Name] = Strings(list);
                    break;
                case AssignStatement { Targets: [SubscriptExpression { Items: [LiteralExpression key] } subscript] }
                    when subscript.Target is NameExpression { Name: "__annotations__" }:
                    layout.Add(Convert.ToString(key.Value, CultureInfo.InvariantCulture) ?? string.Empty);
                    break;
                default:
                    break;
            }
        }
    }

    // A function that nothing calls may use what the interpreter does not have.
    private void Compile(Function function, FunctionStatement syntax, string module)
    {
        try
        {
            StatementCompiler.Compile(function, syntax, module, this);
        }
        catch (DerivativeException exception)
        {
            function.LocalCount = function.ParameterCount;
            function.Defaults = new Node?[function.ParameterCount];
            function.Body = [new FailureInstruction(syntax.Place, exception)];
        }
    }

    private static HashSet<string> Strings(Expression list) =>
        list is ListExpression { Items: var items }
            ? [.. items.OfType<LiteralExpression>().Select(item => item.Value).OfType<string>()]
            : [];

    // Numbers, strings, lists and tuples of them; a constant of any other kind is read by nothing.
    private static object? Constant(Expression value) =>
        value switch
        {
            LiteralExpression literal => literal.Value,
            ListExpression list => list.Items.Select(Constant).ToList(),
            TupleExpression tuple => tuple.Items.Select(Constant).ToArray(),
            _ => null,
        };
}
