namespace CurvatureMonitor.ActorKernel.Event;

/// <summary>
/// A message whose loss is normal: undelivered it becomes a <see cref="SuppressedDeadLetter"/> and is not logged.
/// </summary>
public interface IDeadLetterSuppression;
