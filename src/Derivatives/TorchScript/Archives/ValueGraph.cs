using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>
/// Checks that a value can be walked as a tree: of bounded depth, without cycles, and not too large where shared parts
/// are counted each time. It walks without recursion.
/// </summary>
internal sealed class ValueGraph
{
    /// <summary>How deep values may be nested.</summary>
    internal const int MaxDepth = 200;

    private const long MaxValues = 20_000_000;
    private const int ContainerCost = 64;
    private const long Unfinished = -1;

    private readonly string _place;
    private readonly ArchiveFile _file;
    private readonly Dictionary<object, (long Values, int Height)> _known = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<Frame> _path = [];

    private ValueGraph(string place, ArchiveFile file) => (_place, _file) = (place, file);

    /// <summary>Checks a value.</summary>
    /// <exception cref="DerivativeException">It has a cycle, is too deep or too large, or holds something foreign.
    /// </exception>
    internal static void Check(object? value, string place, ArchiveFile file) =>
        new ValueGraph(place, file).Walk([value]);

    private void Walk(object?[] root)
    {
        Enter(root);
        while (_path.TryPeek(out var frame))
        {
            if (frame.Next == Count(frame.Container))
            {
                Leave(_path.Pop());
                continue;
            }

            object? child = Child(frame.Container, frame.Next++);
            if (!IsContainer(child))
            {
                frame.Add(1, 0);
            }
            else if (!_known.TryGetValue(child!, out var known))
            {
                Enter(child!);
            }
            else if (known.Values == Unfinished)
            {
                throw _file.Refusal(_place, "an object contains itself, which no module does");
            }
            else
            {
                CheckDepth(_path.Count + known.Height);
                frame.Add(known.Values, known.Height);
            }
        }
    }

    private void Enter(object container)
    {
        CheckDepth(_path.Count);
        _file.Charge(_place, ContainerCost);
        _known[container] = (Unfinished, 0);
        _path.Push(new Frame(container));
    }

    private void Leave(Frame frame)
    {
        if (frame.Values > MaxValues)
        {
            throw _file.Refusal(_place, $"an object holds more than {MaxValues} values");
        }

        _known[frame.Container] = (frame.Values, frame.Height);
        if (_path.TryPeek(out var parent))
        {
            parent.Add(frame.Values, frame.Height);
        }
    }

    private void CheckDepth(int depth)
    {
        if (depth > MaxDepth)
        {
            throw _file.Refusal(_place, $"values are nested more than {MaxDepth} deep");
        }
    }

    private bool IsContainer(object? value) =>
        value switch
        {
            null or long or double or bool or string or Tensor or Device => false,
            List<object?> or object?[] or ScriptObject or OrderedDictionary<object, object?> => true,
            _ => throw _file.Damage(_place, "holds something that is no value of TorchScript"),
        };

    private static int Count(object container) =>
        container switch
        {
            List<object?> list => list.Count,
            object?[] tuple => tuple.Length,
            ScriptObject item => item.Attributes.Count,
            _ => ((OrderedDictionary<object, object?>)container).Count,
        };

    private static object? Child(object container, int index) =>
        container switch
        {
            List<object?> list => list[index],
            object?[] tuple => tuple[index],
            ScriptObject item => item.Attributes.GetAt(index).Value,
            _ => ((OrderedDictionary<object, object?>)container).GetAt(index).Value,
        };

    private sealed class Frame(object container)
    {
        internal object Container { get; } = container;

        internal int Next { get; set; }

        internal long Values { get; private set; } = 1;

        internal int Height { get; private set; } = 1;

        // Saturates: a chain of shared pairs doubles at each step.
        internal void Add(long values, int height)
        {
            Values = Math.Min(Values + values, MaxValues + 1);
            Height = Math.Max(Height, height + 1);
        }
    }
}
