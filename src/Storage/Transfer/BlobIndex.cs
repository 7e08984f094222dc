using System.Text.Json;

namespace CurvatureMonitor.Storage.Transfer;

/// <summary>
/// The files that may be fetched, by the hash of their content. It outlives the process: a job that is open
/// names files of a host that was restarted, and must not find them unknown before its run has been taken up again.
/// Thread-safe.
/// </summary>
public sealed class BlobIndex
{
    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly Dictionary<string, List<BlobPlace>> _places = new(StringComparer.Ordinal);

    /// <summary>Opens the index, and forgets files that are gone.</summary>
    /// <param name="folder">Its folder, which is made where needed.</param>
    /// <exception cref="BundleException">The folder cannot be used.</exception>
    public BlobIndex(string folder)
    {
        _folder = folder;
        try
        {
            Directory.CreateDirectory(folder);
            foreach (string file in Directory.EnumerateFiles(folder))
            {
                string hash = Path.GetFileName(file);
                if (FileHash.IsHash(hash) && Read(file) is { Count: > 0 } places)
                {
                    _places[hash] = places;
                }
                else
                {
                    File.Delete(file);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BundleException(
                folder,
                null,
                $"cannot be used ({exception.Message})",
                "choose a folder that may be written, with --data-dir",
                exception
            );
        }
    }

    /// <summary>Where content is to be read; null where it is not known, or its file is gone.</summary>
    public string? PathOf(string hash)
    {
        lock (_gate)
        {
            return _places.GetValueOrDefault(hash)?.Select(place => place.Path).FirstOrDefault(File.Exists);
        }
    }

    /// <summary>Whether files of a checkpoint may be fetched still.</summary>
    public bool Has(string run, long step)
    {
        lock (_gate)
        {
            return _places.Values.Any(places => places.Exists(place => place.Run == run && place.Step == step));
        }
    }

    /// <summary>Adds a place where content is to be read.</summary>
    public void Add(string hash, BlobPlace place)
    {
        lock (_gate)
        {
            if (!_places.TryGetValue(hash, out var places))
            {
                _places.Add(hash, places = []);
            }

            if (!places.Contains(place))
            {
                places.Add(place);
                Write(hash, places);
            }
        }
    }

    /// <summary>The files of a checkpoint are no longer needed.</summary>
    public void Remove(string run, long step) => Remove(place => place.Run == run && place.Step == step);

    /// <summary>No file of a run is needed any more.</summary>
    public void Remove(string run) => Remove(place => place.Run == run);

    private static List<BlobPlace> Read(string file)
    {
        try
        {
            return
            [
                .. (JsonSerializer.Deserialize<List<BlobPlace>>(File.ReadAllBytes(file)) ?? []).Where(place =>
                    File.Exists(place.Path)
                ),
            ];
        }
        catch (JsonException)
        {
            // Of a process that was killed while it wrote: the job's next offer writes it again.
            return [];
        }
    }

    private void Remove(Predicate<BlobPlace> matches)
    {
        lock (_gate)
        {
            foreach (var (hash, places) in _places.Where(pair => pair.Value.Exists(matches)).ToList())
            {
                places.RemoveAll(matches);
                if (places.Count == 0)
                {
                    _places.Remove(hash);
                }

                Write(hash, places);
            }
        }
    }

    // A disk that is full costs a fetch after the next restart, and not the run.
    private void Write(string hash, List<BlobPlace> places)
    {
        string file = Path.Combine(_folder, hash);
        try
        {
            if (places.Count == 0)
            {
                File.Delete(file);
            }
            else
            {
                File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(places));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // As above.
        }
    }
}
