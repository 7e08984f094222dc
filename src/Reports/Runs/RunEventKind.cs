using System.Text.Json.Serialization;

namespace CurvatureMonitor.Reports.Runs;

/// <summary>The kind of something that happened to a run, other than progress.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunEventKind>))]
internal enum RunEventKind
{
    /// <summary>A checkpoint was replaced by a newer one before it was measured.</summary>
    [JsonStringEnumMemberName("dropped")]
    Dropped,

    /// <summary>A job ended with a failure.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>An actor was restarted by its supervisor.</summary>
    [JsonStringEnumMemberName("restarted")]
    Restarted,

    /// <summary>The run changed its state.</summary>
    [JsonStringEnumMemberName("state")]
    State,
}
