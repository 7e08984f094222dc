using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>
/// Reads a pickle into tensors, numbers, texts, lists, tuples, dictionaries and objects of the archive's own classes,
/// and into nothing else: no code is looked up or run, whatever the pickle names. Time and memory are bounded by the
/// file's size, and the result is free of cycles.
/// </summary>
internal sealed class RestrictedUnpickler
{
    private const int ListCost = 56;
    private const int MemoCost = 32;
    private const int NumberCost = 24;
    private const int ObjectCost = 320;

    private static readonly object[] SmallNumbers = [.. Enumerable.Range(0, 256).Select(n => (object)(long)n)];
    private static readonly object True = true;
    private static readonly object False = false;

    private readonly PickleInput _input;
    private readonly ArchiveFile _file;
    private readonly PickleStack _stack;
    private readonly PickleCalls _calls;
    private readonly PickleContainers _containers;
    private readonly List<object?> _memo = [];

    private RestrictedUnpickler(PickleInput input, StorageTable storages, ArchiveFile file)
    {
        _input = input;
        _file = file;
        _stack = new PickleStack(input);
        _calls = new PickleCalls(storages, input);
        _containers = new PickleContainers(input, file);
    }

    /// <summary>The value of a pickle.</summary>
    /// <param name="pickle">Its bytes.</param>
    /// <param name="entry">Its entry's name, for messages.</param>
    /// <param name="storages">Makes its tensors.</param>
    /// <param name="file">The file.</param>
    /// <exception cref="DerivativeException">It holds something else, or is damaged.</exception>
    internal static object? Read(byte[] pickle, string entry, StorageTable storages, ArchiveFile file)
    {
        object? value = new RestrictedUnpickler(new PickleInput(pickle, entry, file), storages, file).Run();
        ValueGraph.Check(value, entry, file);
        return value;
    }

    private object? Run()
    {
        if (_input.Byte() != (byte)PickleOpcode.Proto || _input.Byte() is < 2 or > 4)
        {
            throw _input.Damage("is no pickle of protocol 2 to 4");
        }

        for (var code = Next(); code != PickleOpcode.Stop; code = Next())
        {
            Do(code);
        }

        object? value = _stack.Pop();
        return _stack.Count == 0 ? value : throw _input.Damage("the pickle leaves more than one value");
    }

    private PickleOpcode Next() => (PickleOpcode)_input.Byte();

    private void Do(PickleOpcode code)
    {
        switch (code)
        {
            case PickleOpcode.Proto:
                _ = _input.Byte();
                break;
            case PickleOpcode.Frame:
                _ = _input.Int64();
                break;
            case PickleOpcode.Mark:
                _stack.Mark();
                break;
            case PickleOpcode.Pop:
                _ = _stack.Pop();
                break;
            case PickleOpcode.PopMark:
                _ = _stack.PopToMark();
                break;
            case PickleOpcode.Dup:
                _stack.Push(_stack.Peek());
                break;
            case PickleOpcode.BinPut:
                Put(_input.Byte());
                break;
            case PickleOpcode.LongBinPut:
                Put(_input.UInt32());
                break;
            case PickleOpcode.Memoize:
                Put(_memo.Count);
                break;
            case PickleOpcode.BinGet:
                _stack.Push(Get(_input.Byte()));
                break;
            case PickleOpcode.LongBinGet:
                _stack.Push(Get(_input.UInt32()));
                break;
            default:
                DoContainer(code);
                break;
        }
    }

    private void DoContainer(PickleOpcode code)
    {
        switch (code)
        {
            case PickleOpcode.Append:
                object? item = _stack.Pop();
                _containers.Append(_stack.Peek(), [item]);
                break;
            case PickleOpcode.Appends:
                object?[] more = _stack.PopToMark();
                _containers.Append(_stack.Peek(), more);
                break;
            case PickleOpcode.SetItem:
                object?[] pair = _stack.Pop(2);
                _containers.Set(_stack.Peek(), pair);
                break;
            case PickleOpcode.SetItems:
                object?[] entries = _stack.PopToMark();
                _containers.Set(_stack.Peek(), entries);
                break;
            case PickleOpcode.Build:
                object? state = _stack.Pop();
                _containers.Build(_stack.Peek(), state);
                break;
            case PickleOpcode.List:
                object?[] items = _stack.PopToMark();
                _stack.Push(NewList());
                _containers.Append(_stack.Peek(), items);
                break;
            case PickleOpcode.Dict:
                object?[] pairs = _stack.PopToMark();
                _stack.Push(_calls.NewDictionary());
                _containers.Set(_stack.Peek(), pairs);
                break;
            default:
                _stack.Push(Value(code));
                break;
        }
    }

    private object? Value(PickleOpcode code) =>
        code switch
        {
            PickleOpcode.None => null,
            PickleOpcode.NewTrue => True,
            PickleOpcode.NewFalse => False,
            PickleOpcode.BinInt1 => Number(_input.Byte()),
            PickleOpcode.BinInt2 => Number(_input.UInt16()),
            PickleOpcode.BinInt => Number(_input.Int32()),
            PickleOpcode.Long1 => Number(_input.Integer(_input.Byte())),
            PickleOpcode.Long4 => Number(_input.Integer(_input.Int32())),
            PickleOpcode.BinFloat => Float(_input.Double()),
            PickleOpcode.ShortBinUnicode => _input.Text(_input.Byte()),
            PickleOpcode.BinUnicode => _input.Text(_input.UInt32()),
            PickleOpcode.BinUnicode8 => _input.Text(_input.Int64()),
            PickleOpcode.EmptyTuple => Array.Empty<object?>(),
            PickleOpcode.Tuple => _stack.PopToMark(),
            PickleOpcode.Tuple1 => _stack.Pop(1),
            PickleOpcode.Tuple2 => _stack.Pop(2),
            PickleOpcode.Tuple3 => _stack.Pop(3),
            PickleOpcode.EmptyList => NewList(),
            PickleOpcode.EmptyDict => _calls.NewDictionary(),
            PickleOpcode.Global => Global(_input.Line(), _input.Line()),
            PickleOpcode.StackGlobal => StackGlobal(_stack.Pop(2)),
            PickleOpcode.BinPersId => _calls.Storage(_stack.Pop()),
            PickleOpcode.NewObj => NewObject(_stack.Pop(2)),
            PickleOpcode.Reduce => Reduce(_stack.Pop(2)),
            _ => throw _input.Damage($"opcode 0x{(byte)code:x2} is none that PyTorch writes"),
        };

    private object Global(string module, string name)
    {
        _input.Charge(2L * (module.Length + name.Length));
        return PickleGlobals.Resolve(module, name, _input, _file);
    }

    private object StackGlobal(object?[] names) =>
        names is [string module, string name] ? Global(module, name) : throw _input.Damage("a global has no name");

    private object? Reduce(object?[] call) =>
        call is [PickleGlobal function, object?[] arguments]
            ? _calls.Call(function, arguments)
            : throw _input.Damage("a call has no function");

    private ScriptObject NewObject(object?[] call)
    {
        _input.Charge(ObjectCost);
        return call is [PickleGlobal { IsScriptClass: true } kind, object?[] { Length: 0 }]
            ? new ScriptObject(kind.Name)
            : throw _input.Damage("an object is of no class of the module");
    }

    private object Number(long value)
    {
        if (value >= 0 && value < SmallNumbers.Length)
        {
            return SmallNumbers[value];
        }

        _input.Charge(NumberCost);
        return value;
    }

    private double Float(double value)
    {
        _input.Charge(NumberCost);
        return value;
    }

    private List<object?> NewList()
    {
        _input.Charge(ListCost);
        return [];
    }

    // PyTorch and Python number what they remember from 0 on.
    private void Put(long index)
    {
        _input.Charge(MemoCost);
        object? value = _stack.Peek();
        if (index < _memo.Count)
        {
            _memo[(int)index] = value;
        }
        else if (index == _memo.Count)
        {
            _memo.Add(value);
        }
        else
        {
            throw _input.Damage($"value {index} is remembered before value {_memo.Count}");
        }
    }

    private object? Get(long index) =>
        index < _memo.Count ? _memo[(int)index] : throw _input.Damage($"value {index} is used before it is there");
}
