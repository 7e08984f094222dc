using System.Text.Json.Serialization;

namespace CurvatureMonitor.Host.Http;

/// <summary>What a run is doing now, as the page and <c>curvature_run_state</c> name it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunState>))]
internal enum RunState
{
    /// <summary>Training goes on.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Training reached its last step or was ended in order.</summary>
    [JsonStringEnumMemberName("finished")]
    Finished,

    /// <summary>Training ended by an error.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Nothing was heard from the trainer for longer than its cadence allows.</summary>
    [JsonStringEnumMemberName("stale")]
    Stale,
}
