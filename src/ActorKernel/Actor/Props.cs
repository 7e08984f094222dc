using System.Linq.Expressions;
using System.Reflection;

namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// A recipe for an actor: its class, the constructor's arguments, and where it runs. Immutable; used again for every
/// restart, with the same argument values, so arguments should be immutable too or meant to be shared by all
/// incarnations.
/// </summary>
public sealed class Props
{
    private readonly Func<ActorBase> _factory;

    private Props(Type type, object?[] arguments, Func<ActorBase> factory)
    {
        Type = type;
        Arguments = arguments;
        _factory = factory;
    }

    private Props(Props other)
        : this(other.Type, other.Arguments, other._factory)
    {
        Dispatcher = other.Dispatcher;
        Mailbox = other.Mailbox;
        SupervisorStrategy = other.SupervisorStrategy;
        StashCapacity = other.StashCapacity;
    }

    /// <summary>The actor's class.</summary>
    public Type Type { get; }

    /// <summary>The constructor's arguments, as captured.</summary>
    public object?[] Arguments { get; }

    /// <summary>Name of the dispatcher; empty for the default.</summary>
    public string Dispatcher { get; private init; } = "";

    /// <summary>Name of the mailbox; empty for the default.</summary>
    public string Mailbox { get; private init; } = "";

    /// <summary>How it supervises its children; null leaves that to the actor.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; private init; }

    /// <summary>Most messages its stash may hold; negative for no limit.</summary>
    public int StashCapacity { get; private init; } = -1;

    /// <summary>
    /// The recipe <c>Props.Create(() =&gt; new A(x, y))</c>. The arguments are evaluated once, now, and used for every
    /// incarnation. A converted body (<c>() =&gt; (ActorBase)new A()</c>) is compiled and evaluated each time instead.
    /// </summary>
    /// <exception cref="ArgumentException">The expression is no <c>new</c>.</exception>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null)
        where TActor : ActorBase
    {
        ArgumentNullException.ThrowIfNull(factory);
        switch (factory.Body)
        {
            case UnaryExpression:
                var compiled = factory.Compile();
                return new Props(typeof(TActor), [], () => compiled()) { SupervisorStrategy = supervisorStrategy };
            case NewExpression { Constructor: { } constructor } creation:
                object?[] arguments = [.. creation.Arguments.Select(Evaluate)];
                return new Props(constructor.DeclaringType!, arguments, () => Invoke(constructor, arguments))
                {
                    SupervisorStrategy = supervisorStrategy,
                };
            default:
                throw new ArgumentException("The create function must be a 'new T (args)' expression", nameof(factory));
        }
    }

    /// <summary>The recipe for <typeparamref name="TActor"/> with the constructor that fits the arguments.</summary>
    public static Props Create<TActor>(params object?[] args)
        where TActor : ActorBase => Create(typeof(TActor), args);

    /// <summary>The recipe for a class known at run time, with the constructor that fits the arguments.</summary>
    /// <exception cref="ArgumentException">The type is no actor.</exception>
    public static Props Create(Type type, params object?[] args)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(args);
        if (!typeof(ActorBase).IsAssignableFrom(type) || type.IsAbstract)
        {
            throw new ArgumentException(
                $"{type} is not an actor class: it must derive from {nameof(ActorBase)} and not be abstract.",
                nameof(type)
            );
        }

        const BindingFlags Flags =
            BindingFlags.Instance
            | BindingFlags.Public
            | BindingFlags.NonPublic
            | BindingFlags.CreateInstance
            | BindingFlags.DoNotWrapExceptions;
        return new Props(type, args, () => (ActorBase)Activator.CreateInstance(type, Flags, null, args, null)!);
    }

    /// <summary>A copy that runs on the named dispatcher.</summary>
    public Props WithDispatcher(string dispatcher) => new(this) { Dispatcher = dispatcher };

    /// <summary>A copy that uses the named mailbox.</summary>
    public Props WithMailbox(string mailbox) => new(this) { Mailbox = mailbox };

    /// <summary>A copy whose actor supervises its children in that way, whatever the class says.</summary>
    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) =>
        new(this) { SupervisorStrategy = supervisorStrategy };

    /// <summary>A copy with a limit to the stash; messages put back do not count against a bounded mailbox.</summary>
    public Props WithStashCapacity(int stashCapacity) => new(this) { StashCapacity = stashCapacity };

    /// <summary>Makes an instance; inside the actor's cell only.</summary>
    internal ActorBase NewActor() => _factory();

    private static ActorBase Invoke(ConstructorInfo constructor, object?[] arguments) =>
        (ActorBase)constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null);

    // Captured variables, the usual case, are read without compiling. What is left is compiled for real, not
    // interpreted: a lambda among the arguments becomes code that the actor runs for its whole life, and the
    // interpreter is slow and passes "ref" by copying.
    private static object? Evaluate(Expression argument) =>
        argument switch
        {
            ConstantExpression constant => constant.Value,
            MemberExpression { Member: FieldInfo field, Expression: null or ConstantExpression } member =>
                field.GetValue((member.Expression as ConstantExpression)?.Value),
            _ => Expression.Lambda<Func<object?>>(Expression.Convert(argument, typeof(object))).Compile()(),
        };
}
