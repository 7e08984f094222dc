using System.Text.Json.Serialization;

namespace CurvatureMonitor.Actors.Cluster.Wire;

/// <summary>The contracts of the messages, generated when the program is built.</summary>
[JsonSerializable(typeof(WorkerReport))]
[JsonSerializable(typeof(AnswerSent))]
[JsonSerializable(typeof(JobReturned))]
[JsonSerializable(typeof(WorkerWelcome))]
[JsonSerializable(typeof(DoJob))]
[JsonSerializable(typeof(CancelAssignment))]
[JsonSerializable(typeof(AnswerTaken))]
[JsonSerializable(typeof(RunEnded))]
internal sealed partial class WireJson : JsonSerializerContext;
