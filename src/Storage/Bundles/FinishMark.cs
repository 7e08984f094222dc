using System.Text.Json;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>The content of <c>finished.json</c>: the run has ended, and no more checkpoints come.</summary>
/// <param name="Failed">Whether its training failed.</param>
public sealed record FinishMark(bool Failed)
{
    /// <summary>The file's name in a bundle.</summary>
    public const string FileName = "finished.json";

    private const string FinishedState = "finished";
    private const string FailedState = "failed";

    /// <summary>
    /// Reads <c>{"state": "finished"}</c> or <c>{"state": "failed"}</c>; without a state it is finished.
    /// </summary>
    /// <param name="json">The text in UTF-8.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <exception cref="BundleException">It is neither.</exception>
    public static FinishMark Parse(ReadOnlyMemory<byte> json, string source) => Read(JsonFields.Parse(json, source));

    internal static FinishMark Read(JsonFields json) =>
        json.OptionalText("state") switch
        {
            null or FinishedState => new FinishMark(false),
            FailedState => new FinishMark(true),
            { } other => throw json.Wrong(
                "state",
                $"is '{BundleException.Quote(other)}'",
                $"write {FinishedState} or {FailedState}"
            ),
        };

    internal void Write(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("state", Failed ? FailedState : FinishedState);
        json.WriteEndObject();
    }
}
