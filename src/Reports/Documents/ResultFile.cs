using System.Text.Json;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Reports.Arrays;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.Reports.Documents;

/// <summary>
/// A file that results are saved in: <c>.json</c>, the document that <c>--json</c> prints, or <c>.npz</c>, the same
/// numbers for NumPy.
/// </summary>
internal sealed class ResultFile
{
    private readonly string _path;
    private readonly string _unfinished;
    private readonly bool _numpy;

    private ResultFile(string path, bool numpy) =>
        (_path, _unfinished, _numpy) = (path, path + ".unfinished", numpy);

    /// <summary>The file at a path, whose ending decides on the format.</summary>
    /// <exception cref="UserErrorException">The ending is neither, or the folder is not there.</exception>
    internal static ResultFile At(string path)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        if (extension is not (".json" or ".npz"))
        {
            throw new UserErrorException($"--out {path}: give a file name that ends in .json or .npz");
        }

        string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return Directory.Exists(folder)
            ? new ResultFile(path, extension == ".npz")
            : throw new UserErrorException($"--out {path}: the folder {folder} is not there; make it first");
    }

    /// <summary>The JSON of one document, or of several as one array.</summary>
    internal static string Text(IReadOnlyList<AnalysisDocument> documents) =>
        documents.Count == 1
            ? JsonSerializer.Serialize(documents[0], ReportJson.Options)
            : JsonSerializer.Serialize(documents, ReportJson.Options);

    /// <summary>Makes sure, before anything is measured, that so many results can be saved here.</summary>
    /// <exception cref="UserErrorException">They cannot.</exception>
    internal void RequireRoomFor(int documents)
    {
        if (_numpy && documents > 1)
        {
            throw new UserErrorException($"--out {_path}: .npz holds one checkpoint; save several as .json");
        }
    }

    /// <summary>Removes what a process that was cut off while it saved them has left.</summary>
    internal void RemoveUnfinished()
    {
        try
        {
            File.Delete(_unfinished);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It says by its name what it is.
        }
    }

    /// <summary>Saves the results; the file appears whole.</summary>
    /// <exception cref="UserErrorException">It cannot be written.</exception>
    internal void Write(IReadOnlyList<AnalysisDocument> documents)
    {
        try
        {
            using (var stream = File.Create(_unfinished))
            {
                if (_numpy)
                {
                    NpzFile.Write(
                        stream,
                        JsonArrays.Flatten(JsonSerializer.SerializeToElement(documents[0], ReportJson.Options))
                    );
                }
                else
                {
                    using var writer = new StreamWriter(stream);
                    writer.WriteLine(Text(documents));
                }
            }

            File.Move(_unfinished, _path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--out {_path}: cannot be written ({exception.Message})", cause: exception);
        }
    }
}
