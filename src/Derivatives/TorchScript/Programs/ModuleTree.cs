using System.Runtime.CompilerServices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Passes;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Programs;

/// <summary>
/// The objects of an archive with a cell for each attribute. Parameters and buffers are numbered in the modules' own
/// order; tied ones have one number, under the first name, at all their places.
/// </summary>
internal sealed class ModuleTree
{
    private const int MostRepeated = 1000;

    private readonly Library _library;
    private readonly Dictionary<ScriptObject, Instance> _instances = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ScriptObject, bool> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<int> _frozen = [];
    private readonly HashSet<int> _keepsCall = [];
    private readonly bool _isTraining;
    private int _depth;
    private int _repeated;

    /// <summary>Reads the objects of an archive.</summary>
    /// <exception cref="DerivativeException">An object's class is missing, or they are nested too deeply.</exception>
    internal ModuleTree(ScriptObject root, Library library)
    {
        _library = library;
        _isTraining = root.Attributes.TryGetValue("training", out object? training) && training is true;
        Collect(root, string.Empty);
        Root = InstanceOf(root);
    }

    /// <summary>The module.</summary>
    internal Instance Root { get; }

    /// <summary>How many cells the objects have.</summary>
    internal int CellCount { get; private set; }

    /// <summary>The parameters.</summary>
    internal TensorLayout Parameters { get; } = new();

    /// <summary>The floating-point buffers.</summary>
    internal TensorLayout Buffers { get; } = new();

    /// <summary>The buffers of whole numbers or truth values.</summary>
    internal DiscreteLayout Discretes { get; } = new();

    /// <summary>The modules whose running statistics are frozen.</summary>
    internal IReadOnlyList<string> FrozenLayers =>
        [
            .. _frozen
                .Order()
                .Select(number => Buffers.Slots[number].Name)
                .Select(name => name[..Math.Max(0, name.LastIndexOf('.'))])
                .Distinct(StringComparer.Ordinal),
        ];

    // First the numbers, in the order of the attributes, since a list of tensors may stand before what it repeats.
    private void Collect(ScriptObject module, string prefix)
    {
        Enter();

        // A module that stands at several places is looked at again for the names that its tensors have there.
        if (_seen.TryAdd(module, true) || ++_repeated < MostRepeated)
        {
            var layout = LayoutOf(module);
            bool isFrozen = _isTraining && module.Attributes.TryGetValue("training", out object? own) && own is false;
            bool keepsCall = !IsLayerInTraining(module);
            foreach (var (attribute, value) in module.Attributes)
            {
                string name = prefix.Length == 0 ? attribute : $"{prefix}.{attribute}";
                if (value is ScriptObject child)
                {
                    Collect(child, name);
                }
                else if (value is Tensor whole && DiscreteTensors.TypeOf(whole) is not null)
                {
                    if (_library.IsBuffer(layout, attribute))
                    {
                        Discretes.Add(name, whole);
                    }
                }
                else if (value is Tensor tensor && tensor.is_floating_point())
                {
                    if (_library.IsParameter(layout, attribute))
                    {
                        Parameters.Add(name, tensor);
                    }
                    else if (_library.IsBuffer(layout, attribute))
                    {
                        int number = Buffers.Add(name, tensor);
                        if (isFrozen)
                        {
                            _frozen.Add(number);
                        }
                        else if (keepsCall)
                        {
                            _keepsCall.Add(number);
                        }
                    }
                }
            }
        }

        _depth--;
    }

    // A layer that was saved or traced in training mode says that it uses the batch, and means the mode.
    private static bool IsLayerInTraining(ScriptObject module) =>
        module.Attributes.TryGetValue("training", out object? training)
        && training is true
        && module.Attributes.ContainsKey("num_batches_tracked");

    private Instance InstanceOf(ScriptObject source)
    {
        if (_instances.TryGetValue(source, out var known))
        {
            return known;
        }

        Enter();
        var layout = LayoutOf(source);
        foreach (string attribute in source.Attributes.Keys)
        {
            layout.Add(attribute);
        }

        var cells = new Cell[layout.Attributes.Count];
        var instance = new Instance(layout) { Cells = cells, FirstCell = CellCount };
        CellCount += cells.Length;
        _instances[source] = instance;
        for (int i = 0; i < cells.Length; i++)
        {
            string attribute = layout.Attributes[i];
            cells[i] =
                !source.Attributes.TryGetValue(attribute, out object? value) ? new ValueCell(Unset.Value)
                : attribute == "training" ? new ValueCell(false)
                : Cell(value, _library.IsBuffer(layout, attribute));
        }

        _depth--;
        return instance;
    }

    /// <summary>The cell of a value of the archive.</summary>
    private Cell Cell(object? value, bool isBuffer)
    {
        Enter();
        Cell cell = value switch
        {
            ScriptObject child => new ValueCell(InstanceOf(child)),
            Tensor tensor => TensorCell(tensor, isBuffer),
            Device => new DeviceCell(),
            List<object?> list => new ListCell([.. list.Select(item => Cell(item, false))]),
            object?[] tuple => new TupleCell([.. tuple.Select(item => Cell(item, false))]),
            System.Collections.IDictionary dictionary => new DictionaryCell(
                [
                    .. dictionary.Keys.Cast<object>()
                        .Select(key => KeyValuePair.Create(key, Cell(dictionary[key], false))),
                ]
            ),
            _ => new ValueCell(value),
        };
        _depth--;
        return cell;
    }

    private Cell TensorCell(Tensor tensor, bool isBuffer)
    {
        if (TensorIdentity.Of(tensor) is not { } identity)
        {
            return new TensorCell(tensor);
        }

        if (!tensor.is_floating_point())
        {
            return Discretes.NumberOf(identity) is { } discrete
                ? new DiscreteCell(Buffers.Slots.Count + discrete, tensor)
                : new TensorCell(tensor);
        }

        return !isBuffer && Parameters.NumberOf(identity) is { } parameter ? new ParameterCell(parameter, tensor.dtype)
            : Buffers.NumberOf(identity) is { } buffer
                ? new BufferCell(buffer, tensor.dtype, _frozen.Contains(buffer), _keepsCall.Contains(buffer))
            : new TensorCell(tensor);
    }

    private ClassLayout LayoutOf(ScriptObject source) =>
        _library.FindClass(source.TypeName)
        ?? throw new DerivativeException(
            DerivativeErrorKind.InvalidArgument,
            $"the archive has no source for the class {source.TypeName}"
        );

    private void Enter()
    {
        if (++_depth > 500 || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new DerivativeException(
                DerivativeErrorKind.InvalidArgument,
                "the archive's objects are nested too deeply"
            );
        }
    }
}
