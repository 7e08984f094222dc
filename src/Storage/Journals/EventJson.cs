using System.Text.Json;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Serialization;

namespace CurvatureMonitor.Storage.Journals;

/// <summary>Events as lines of JSON, as exact as <see cref="MonitorJson"/> is.</summary>
public static class EventJson
{
    /// <summary>One line, without its end.</summary>
    public static byte[] Write(MonitorEvent monitorEvent) =>
        JsonSerializer.SerializeToUtf8Bytes(monitorEvent, MonitorJson.Options);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is damaged, or of a kind that this version does not know.</exception>
    public static MonitorEvent Read(ReadOnlySpan<byte> line) => MonitorJson.Read<MonitorEvent>(line);
}
