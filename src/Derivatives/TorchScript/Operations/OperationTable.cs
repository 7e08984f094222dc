namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>Operations by name: <c>add</c> for <c>torch.add</c>, <c>prim.dtype</c>, <c>builtin.len</c>.</summary>
internal sealed class OperationTable
{
    private readonly Dictionary<string, Operation> _operations = new(StringComparer.Ordinal);

    /// <summary>The operations that are run by direct calls; every other one runs by its source text.</summary>
    internal static OperationTable Direct { get; } =
        new(
            ArithmeticOperations.Register,
            TensorOperations.Register,
            ShapeOperations.Register,
            NumberOperations.Register,
            ComparisonOperations.Register,
            ListOperations.Register,
            DictionaryOperations.Register,
            TextOperations.Register,
            IndexOperations.Register,
            PrimitiveOperations.Register
        );

    /// <summary>Makes a table.</summary>
    /// <param name="registrations">Each adds its operations.</param>
    internal OperationTable(params Action<OperationTable>[] registrations)
    {
        foreach (var register in registrations)
        {
            register(this);
        }
    }

    /// <summary>The operation of a name; null where the table has none.</summary>
    internal Operation? Find(string name) => _operations.GetValueOrDefault(name);

    /// <summary>Adds a handler under each of some names.</summary>
    /// <param name="names">The names, with spaces between them.</param>
    /// <param name="parameters">The parameters' names, with spaces between them.</param>
    /// <param name="handler">The handler.</param>
    internal void Add(string names, string parameters, Handler handler)
    {
        string[] parts = parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (string name in names.Split(' '))
        {
            _operations[name] = _operations.TryGetValue(name, out var known)
                ? known.With(parts, handler)
                : new Operation(parts, [handler]);
        }
    }
}
