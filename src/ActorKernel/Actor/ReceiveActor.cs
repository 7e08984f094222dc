namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// An actor whose behaviour is a list of typed handlers, registered in the constructor or inside
/// <see cref="Become(Action)"/>. The first handler, in the order of registration, whose type matches (base types and
/// interfaces too) and whose predicate agrees gets the message; with none it is unhandled.
/// </summary>
public abstract class ReceiveActor : UntypedActor
{
    // One set of handlers under construction for each level of configure actions; empty otherwise.
    private readonly Stack<HandlerList> _building = new([new HandlerList()]);
    private HandlerList _initial = new();

    /// <summary>Registers a handler for <typeparamref name="T"/>.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="shouldHandle">Predicate; where it refuses the next handler is tried.</param>
    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add<T>(
            message =>
            {
                if (shouldHandle is not null && !shouldHandle(message))
                {
                    return false;
                }

                handler(message);
                return true;
            },
            catchesAll: shouldHandle is null
        );
    }

    /// <summary>Registers a handler for <typeparamref name="T"/> behind a predicate.</summary>
    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    /// <summary>Registers a handler that says itself whether it handled the message.</summary>
    protected void Receive<T>(Func<T, bool> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add(handler, catchesAll: false);
    }

    /// <summary>Registers a handler for a type known at run time.</summary>
    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(messageType);
        ArgumentNullException.ThrowIfNull(handler);
        Add<object>(
            message =>
            {
                if (!messageType.IsInstanceOfType(message) || (shouldHandle is not null && !shouldHandle(message)))
                {
                    return false;
                }

                handler(message);
                return true;
            },
            catchesAll: shouldHandle is null && messageType == typeof(object)
        );
    }

    /// <summary>Registers a handler for everything; nothing can be registered after it.</summary>
    protected void ReceiveAny(Action<object> handler) => Receive(handler);

    /// <summary>Registers an asynchronous handler: until its task ends no other message is processed.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Receive<T>(message => RunTask(() => handler(message)), shouldHandle);
    }

    /// <summary>Registers an asynchronous handler behind a predicate.</summary>
    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) =>
        ReceiveAsync(handler, shouldHandle);

    /// <summary>Registers an asynchronous handler for everything.</summary>
    protected void ReceiveAnyAsync(Func<object, Task> handler) => ReceiveAsync(handler);

    /// <summary>
    /// Replaces the behaviour on top of the stack by the handlers that <paramref name="configure"/> registers.
    /// </summary>
    protected void Become(Action configure) => base.Become(Build(configure).Handle);

    /// <summary>
    /// Puts a behaviour with the handlers that <paramref name="configure"/> registers on top of the stack.
    /// </summary>
    protected void BecomeStacked(Action configure) => base.BecomeStacked(Build(configure).Handle);

    /// <summary>Not used: handlers are registered with Receive.</summary>
    protected sealed override void OnReceive(object message) { }

    /// <summary>Called by the runtime when the constructor has run.</summary>
    internal void EndConstruction() => _initial = _building.Pop();

    private protected override bool HandleMessage(object message) => _initial.Handle(message);

    private HandlerList Build(Action configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _building.Push(new HandlerList());
        try
        {
            configure();
            return _building.Peek();
        }
        finally
        {
            _building.Pop();
        }
    }

    private void Add<T>(Func<T, bool> handler, bool catchesAll)
    {
        if (!_building.TryPeek(out var handlers))
        {
            throw new InvalidOperationException(
                "You may only call Receive-methods when constructing the actor and inside Become()."
            );
        }

        handlers.Add(handler, catchesAll && typeof(T) == typeof(object));
    }

    private sealed class HandlerList
    {
        private readonly List<Func<object, bool>> _handlers = [];
        private bool _complete;

        public void Add<T>(Func<T, bool> handler, bool catchesAll)
        {
            if (_complete)
            {
                throw new InvalidOperationException(
                    "A handler that catches all messages has been added. No handler can be added after that."
                );
            }

            _handlers.Add(message => message is T typed && handler(typed));
            _complete = catchesAll;
        }

        public bool Handle(object message)
        {
            foreach (var handler in _handlers)
            {
                if (handler(message))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
