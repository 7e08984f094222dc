namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>Maps an exception to what a supervisor does about it.</summary>
public interface IDecider
{
    /// <summary>Decides.</summary>
    Directive Decide(Exception cause);
}
