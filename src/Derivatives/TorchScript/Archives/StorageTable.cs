using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>
/// The storages of one pickle. Each is read once; tensors that stand at the same place of one storage are one object,
/// so that tied weights stay tied.
/// </summary>
/// <param name="folders">Where storages may be: the pickle's own folder first.</param>
/// <param name="contents">The file's entries.</param>
/// <param name="file">The file.</param>
/// <param name="tensors">Takes every tensor that is made.</param>
internal sealed class StorageTable(string[] folders, ZipContents contents, ArchiveFile file, List<Tensor> tensors)
{
    private const int TensorCost = 512;
    private const int PlaceCost = 512;
    private readonly Dictionary<string, LoadedStorage> _storages = new(StringComparer.Ordinal);

    /// <summary>A tensor on a storage; its place is checked against the storage before anything is made.</summary>
    /// <exception cref="DerivativeException">It does not lie in the storage, or the storage in the file.</exception>
    internal Tensor View(StorageReference reference, TensorPlace at, bool requiresGradient, string place)
    {
        file.Charge(place, PlaceCost);
        if (at.ElementsWithin(reference.Count) is not { } elements)
        {
            throw file.Damage(place, $"a tensor leaves its storage '{ArchiveFile.Quote(reference.Key)}'");
        }

        if (requiresGradient && !ElementTypes.IsFloating(reference.Type))
        {
            throw file.Damage(place, $"a tensor of {reference.Type} asks for a gradient");
        }

        var storage = _storages.TryGetValue(reference.Key, out var known) ? known : Load(reference, at, place);
        if (storage.Reference != reference)
        {
            throw file.Damage(
                place,
                $"storage '{ArchiveFile.Quote(reference.Key)}' has {storage.Reference.Count} elements of "
                    + $"{storage.Reference.Type} and {reference.Count} of {reference.Type}"
            );
        }

        string key = at.Key;
        if (!storage.Views.TryGetValue(key, out var tensor))
        {
            tensor = MakeView(storage, at, elements, place);
            storage.Views.Add(key, tensor);
        }

        if (requiresGradient)
        {
            tensor.requires_grad = true;
        }

        return tensor;
    }

    private LoadedStorage Load(StorageReference reference, TensorPlace at, string place)
    {
        long size = ElementTypes.SizeOf(reference.Type);
        var record = folders
            .Select(folder => contents.Find(folder + reference.Key))
            .FirstOrDefault(found => found is not null);
        string entry = ArchiveFile.Quote(folders[0] + reference.Key);
        if (reference.Count < 0 || reference.Count > file.Size / size)
        {
            throw file.Damage(place, $"storage '{entry}' claims {reference.Count} elements");
        }

        if (record is null && reference.Count > 0)
        {
            throw file.Damage(place, $"there is no entry '{entry}'");
        }

        if (record is { } found)
        {
            CheckRecord(found, reference.Count * size, entry);
        }

        file.Charge(place, TensorCost);
        bool isWhole = at.IsWhole(reference.Count);
        var owner = Keep(empty(isWhole ? at.Shape : [reference.Count], reference.Type));
        var storage = new LoadedStorage(owner, reference);
        _storages.Add(reference.Key, storage);
        if (isWhole)
        {
            storage.FreeBytes = 0;
            storage.Views.Add(at.Key, owner);
        }

        if (record is { } filled && reference.Count > 0)
        {
            contents.ReadInto(filled, owner);
        }

        return storage;
    }

    private void CheckRecord(ZipRecord record, long bytes, string entry)
    {
        if (record.IsDeflated)
        {
            throw file.Refusal(entry, "is compressed; PyTorch stores tensors as they are: save the module again");
        }

        if (record.Size != bytes)
        {
            throw file.Damage(entry, $"holds {record.Size} bytes where its tensor needs {bytes}");
        }
    }

    // Views of the same bytes cost nothing here, but all that a reader may copy of them.
    private Tensor MakeView(LoadedStorage storage, TensorPlace at, long elements, string place)
    {
        Int128 bytes = (Int128)elements * ElementTypes.SizeOf(storage.Reference.Type);
        long charged = (long)Int128.Min(long.MaxValue / 2, Int128.Max(0, bytes - storage.FreeBytes));
        file.Charge(place, TensorCost + charged);
        storage.FreeBytes -= (long)(bytes - charged);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return Keep(storage.Owner.detach().as_strided(at.Shape, at.Strides, at.Offset).detach());
    }

    private Tensor Keep(Tensor tensor)
    {
        tensors.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }
}
