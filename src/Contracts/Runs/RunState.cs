using System.Text.Json.Serialization;

namespace CurvatureMonitor.Contracts.Runs;

/// <summary>Where a run stands; the values of the label <c>state</c>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunState>))]
public enum RunState
{
    /// <summary>The trainer is at work.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>The trainer reached its last step.</summary>
    [JsonStringEnumMemberName("finished")]
    Finished,

    /// <summary>The trainer stopped with an error.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>The trainer has gone silent; it may come back.</summary>
    [JsonStringEnumMemberName("stale")]
    Stale,

    /// <summary>Loss or parameters are not finite; the trainer goes on and may recover.</summary>
    [JsonStringEnumMemberName("diverged")]
    Diverged,
}
