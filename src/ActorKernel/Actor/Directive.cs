namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>What a supervisor does about a failed child.</summary>
public enum Directive
{
    /// <summary>Goes on with the next message, state kept.</summary>
    Resume,

    /// <summary>Replaces the instance by a new one; the mailbox is kept, the failing message is lost.</summary>
    Restart,

    /// <summary>Fails itself with the same exception.</summary>
    Escalate,

    /// <summary>Ends the child.</summary>
    Stop,
}
