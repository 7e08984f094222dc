using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>Fills lists, dictionaries and objects of a pickle.</summary>
/// <param name="input">Says where a fault is.</param>
/// <param name="file">Counts memory.</param>
internal sealed class PickleContainers(PickleInput input, ArchiveFile file)
{
    private const int ItemCost = 32;
    private const int EntryCost = 96;

    // Keys are foreign: many with one hash would make a table slow.
    private const int MaxDictionary = 1 << 18;

    /// <summary>Puts values at a list's end.</summary>
    /// <exception cref="DerivativeException">The target is no list.</exception>
    internal void Append(object? target, object?[] items)
    {
        if (target is not List<object?> list)
        {
            throw input.Damage("values are appended to something that is no list");
        }

        input.Charge(ItemCost * (long)items.Length);
        list.AddRange(items);
    }

    /// <summary>Puts key, value, key, value, … into a dictionary.</summary>
    /// <exception cref="DerivativeException">The target is no dictionary, or a key is no key.</exception>
    internal void Set(object? target, object?[] pairs)
    {
        if (target is not OrderedDictionary<object, object?> dictionary || pairs.Length % 2 != 0)
        {
            throw input.Damage("pairs are put into something that is no dictionary");
        }

        input.Charge(EntryCost * (long)pairs.Length / 2);
        if (dictionary.Count + (pairs.Length / 2) > MaxDictionary)
        {
            throw file.Refusal(input.Place, $"a dictionary has more than {MaxDictionary} entries");
        }

        for (int i = 0; i < pairs.Length; i += 2)
        {
            if (pairs[i] is not (string or long or double or bool) || !dictionary.TryAdd(pairs[i]!, pairs[i + 1]))
            {
                throw input.Damage("a key of a dictionary is no text or number, or stands there twice");
            }
        }
    }

    /// <summary>Gives an object its attributes.</summary>
    /// <exception cref="DerivativeException">The target is no object, or has a state of its own form.</exception>
    internal void Build(object? target, object? state)
    {
        if (target is not ScriptObject item)
        {
            throw input.Damage("attributes are given to something that is no object");
        }

        if (state is not OrderedDictionary<object, object?> attributes)
        {
            throw file.Refusal(
                input.Place,
                $"an object of {ArchiveFile.Quote(item.TypeName)} keeps its state in a form of its own "
                    + "(__getstate__), which is not read: keep its tensors as parameters and buffers"
            );
        }

        input.Charge(EntryCost * (long)attributes.Count);
        foreach (var (key, value) in attributes)
        {
            if (key is not string name || !item.Attributes.TryAdd(name, value))
            {
                throw input.Damage($"an attribute '{ArchiveFile.Quote($"{key}")}' is no name, or given twice");
            }
        }
    }
}
