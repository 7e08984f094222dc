namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>Replies that say whether something worked.</summary>
public abstract class Status
{
    private Status() { }

    /// <summary>It worked.</summary>
    public sealed class Success : Status
    {
        /// <summary>Creates the reply.</summary>
        public Success(object? status) => Status = status;

        /// <summary>What came of it.</summary>
        public object? Status { get; }
    }

    /// <summary>
    /// It failed. An Ask that receives this throws <see cref="Cause"/>, unless it asked for this type.
    /// </summary>
    public sealed class Failure : Status
    {
        /// <summary>Creates the reply.</summary>
        public Failure(Exception cause)
            : this(cause, null) { }

        /// <summary>Creates the reply with something to tell what failed.</summary>
        public Failure(Exception cause, object? state)
        {
            Cause = cause;
            State = state;
        }

        /// <summary>Why.</summary>
        public Exception Cause { get; }

        /// <summary>What the failure belongs to.</summary>
        public object? State { get; }

        /// <inheritdoc/>
        public override string ToString() => $"Failure: {Cause.Message}";
    }
}
