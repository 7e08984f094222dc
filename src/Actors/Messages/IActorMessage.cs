namespace CurvatureMonitor.Actors.Messages;

/// <summary>
/// A message between actors of the monitor: an immutable record of data, without a handle, delegate, recipe or service.
/// The serialiser of messages writes and reads it; tests have every message take that way.
/// </summary>
public interface IActorMessage;
