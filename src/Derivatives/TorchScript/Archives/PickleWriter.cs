using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>
/// Writes values as PyTorch's C++ pickler does, in the few opcodes that its unpickler knows. Values must have passed
/// <see cref="ValueGraph"/>.
/// </summary>
/// <param name="storages">Where tensors are stored.</param>
/// <param name="types">The declared types of attributes.</param>
internal sealed class PickleWriter(StorageWriter storages, DeclaredTypes types)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Dictionary<object, int> _objects = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(bool IsText, string Text), int> _texts = [];
    private int _remembered;

    /// <summary>The pickle of a value.</summary>
    internal byte[] Write(object? value)
    {
        Emit(PickleOpcode.Proto);
        Byte(2);
        Value(value, null);
        Emit(PickleOpcode.Stop);
        return _bytes.WrittenSpan.ToArray();
    }

    private void Value(object? value, string? declared)
    {
        if (value is not (null or bool or long) && _objects.TryGetValue(value, out int known))
        {
            Get(known);
            return;
        }

        switch (value)
        {
            case null:
                Emit(PickleOpcode.None);
                break;
            case bool flag:
                Emit(flag ? PickleOpcode.NewTrue : PickleOpcode.NewFalse);
                break;
            case long number:
                Integer(number);
                break;
            case double number:
                Span<byte> bits = stackalloc byte[sizeof(double)];
                BinaryPrimitives.WriteDoubleBigEndian(bits, number);
                Emit(PickleOpcode.BinFloat);
                _bytes.Write(bits);
                break;
            case string text:
                Text(text);
                break;
            default:
                Composite(value, declared);
                break;
        }
    }

    private void Composite(object value, string? declared)
    {
        switch (value)
        {
            case object?[] tuple:
                Tuple(() => Values(tuple));
                return;
            case Tensor tensor:
                TensorValue(tensor);
                break;
            case Device device:
                Global(PickleGlobals.Device);
                Text(device.ToString());
                Emit(PickleOpcode.Tuple1);
                Emit(PickleOpcode.Reduce);
                break;
            case ScriptObject item:
                Global(item.TypeName);
                Emit(PickleOpcode.EmptyTuple);
                Emit(PickleOpcode.NewObj);
                Pairs(item.Attributes.Select(a => ((object)a.Key, a.Value, types.Find(item.TypeName, a.Key))));
                Emit(PickleOpcode.Build);
                break;
            default:
                Collection(value, declared ?? ValueTypes.Of(value));
                break;
        }

        _objects.Add(value, Put());
    }

    // A list of the C++ pickler has its type beside it; four kinds have a short form.
    private void Collection(object value, string type)
    {
        string? kind = type switch
        {
            "List[int]" => PickleGlobals.IntList,
            "List[float]" => PickleGlobals.DoubleList,
            "List[bool]" => PickleGlobals.BoolList,
            "List[Tensor]" => PickleGlobals.TensorList,
            _ => null,
        };
        Global(kind ?? PickleGlobals.TypeTag);
        Tuple(() =>
        {
            if (value is List<object?> list)
            {
                Emit(PickleOpcode.EmptyList);
                Emit(PickleOpcode.Mark);
                Values(list);
                Emit(PickleOpcode.Appends);
            }
            else
            {
                Pairs(((OrderedDictionary<object, object?>)value).Select(p => (p.Key, p.Value, (string?)null)));
            }

            if (kind is null)
            {
                Text(type);
            }
        });
        Emit(PickleOpcode.Reduce);
    }

    private void TensorValue(Tensor tensor)
    {
        var (storage, place) = storages.PlaceOf(tensor);
        Global(PickleGlobals.RebuildTensor);
        Tuple(() =>
        {
            Tuple(() =>
            {
                Text("storage");
                Global(ElementTypes.StorageOf(storage.Type)!);
                Text(storage.Key);
                Text("cpu");
                Integer(storage.Count);
            });
            Emit(PickleOpcode.BinPersId);
            Integer(place.Offset);
            Tuple(() => Array.ForEach(place.Shape, Integer));
            Tuple(() => Array.ForEach(place.Strides, Integer));
            Emit(tensor.requires_grad ? PickleOpcode.NewTrue : PickleOpcode.NewFalse);
            Global(PickleGlobals.OrderedDict);
            Emit(PickleOpcode.EmptyTuple);
            Emit(PickleOpcode.Reduce);
        });
        Emit(PickleOpcode.Reduce);
    }

    private void Values(IEnumerable<object?> values)
    {
        foreach (object? value in values)
        {
            Value(value, null);
        }
    }

    private void Tuple(Action parts)
    {
        Emit(PickleOpcode.Mark);
        parts();
        Emit(PickleOpcode.Tuple);
    }

    private void Pairs(IEnumerable<(object Key, object? Value, string? Declared)> pairs)
    {
        Emit(PickleOpcode.EmptyDict);
        Emit(PickleOpcode.Mark);
        foreach (var (key, value, declared) in pairs)
        {
            Value(key, null);
            Value(value, declared);
        }

        Emit(PickleOpcode.SetItems);
    }

    private void Integer(long number)
    {
        Span<byte> bits = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bits, number);
        switch (number)
        {
            case >= 0 and <= byte.MaxValue:
                Emit(PickleOpcode.BinInt1);
                _bytes.Write(bits[..1]);
                break;
            case >= int.MinValue and <= int.MaxValue:
                Emit(PickleOpcode.BinInt);
                _bytes.Write(bits[..4]);
                break;
            default:
                Emit(PickleOpcode.Long1);
                Byte(sizeof(long));
                _bytes.Write(bits);
                break;
        }
    }

    private void Text(string text) =>
        Remembered(
            (true, text),
            () =>
            {
                byte[] utf8 = Encoding.UTF8.GetBytes(text);
                Emit(PickleOpcode.BinUnicode);
                WriteUInt32((uint)utf8.Length);
                _bytes.Write(utf8);
            }
        );

    private void Global(string name) =>
        Remembered(
            (false, name),
            () =>
            {
                int dot = name.LastIndexOf('.');
                Emit(PickleOpcode.Global);
                _bytes.Write(Encoding.UTF8.GetBytes($"{name[..dot]}\n{name[(dot + 1)..]}\n"));
            }
        );

    private void Remembered((bool IsText, string Text) key, Action write)
    {
        if (_texts.TryGetValue(key, out int index))
        {
            Get(index);
            return;
        }

        write();
        _texts.Add(key, Put());
    }

    private int Put()
    {
        Indexed(PickleOpcode.BinPut, PickleOpcode.LongBinPut, _remembered);
        return _remembered++;
    }

    private void Get(int index) => Indexed(PickleOpcode.BinGet, PickleOpcode.LongBinGet, index);

    private void Indexed(PickleOpcode narrow, PickleOpcode wide, int index)
    {
        if (index <= byte.MaxValue)
        {
            Emit(narrow);
            Byte((byte)index);
        }
        else
        {
            Emit(wide);
            WriteUInt32((uint)index);
        }
    }

    private void WriteUInt32(uint number)
    {
        Span<byte> bits = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bits, number);
        _bytes.Write(bits);
    }

    private void Emit(PickleOpcode code) => Byte((byte)code);

    private void Byte(byte value) => _bytes.Write([value]);
}
