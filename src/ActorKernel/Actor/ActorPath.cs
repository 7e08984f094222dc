using System.Buffers;

namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// The address of an actor in the hierarchy, for instance <c>akka://curvature/user/run-1</c>. The <see cref="Uid"/>
/// tells incarnations under one name apart; it takes no part in the equality of paths, only in that of references.
/// </summary>
public sealed class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    private static readonly SearchValues<char> ValidCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789\"-_.*$+:@&=,!~';()"
    );

    private readonly string _text;

    private ActorPath(string text, string name, ActorPath? parent, long uid)
    {
        _text = text;
        Name = name;
        Parent = parent ?? this;
        Root = parent?.Root ?? this;
        Uid = uid;
    }

    /// <summary>The last element; "/" for the root.</summary>
    public string Name { get; }

    /// <summary>The path one level up; the root is its own parent.</summary>
    public ActorPath Parent { get; }

    /// <summary>The root of the hierarchy.</summary>
    public ActorPath Root { get; }

    /// <summary>Number of the incarnation, unique in its actor system; 0 where none is known.</summary>
    public long Uid { get; }

    /// <summary>The names from the root (not included) down to this path.</summary>
    public IReadOnlyList<string> Elements =>
        _text[Root._text.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The path of a child named <paramref name="name"/>.</summary>
    public static ActorPath operator /(ActorPath path, string name) => path.Child(name, 0);

    /// <summary>Whether two paths are the same, uids left aside.</summary>
    public static bool operator ==(ActorPath? left, ActorPath? right) => Equals(left, right);

    /// <summary>Whether two paths differ, uids left aside.</summary>
    public static bool operator !=(ActorPath? left, ActorPath? right) => !Equals(left, right);

    /// <summary>
    /// Whether <paramref name="s"/> may name an actor: ASCII letters, digits and <c>"-_.*$+:@&amp;=,!~';()</c>, not
    /// empty, no <c>$</c> in front (those names are given out by the system).
    /// </summary>
    public static bool IsValidPathElement(string s) =>
        !string.IsNullOrEmpty(s) && s[0] != '$' && !s.AsSpan().ContainsAnyExcept(ValidCharacters);

    /// <summary>The path without the system's address: <c>/user/run-1</c>.</summary>
    public string ToStringWithoutAddress() => "/" + string.Join('/', Elements);

    /// <summary>The whole path: <c>akka://system/user/run-1</c>.</summary>
    public override string ToString() => _text;

    /// <inheritdoc/>
    public bool Equals(ActorPath? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public int CompareTo(ActorPath? other) => string.CompareOrdinal(_text, other?._text);

    internal static ActorPath RootOf(string system) => new($"akka://{system}/", "/", null, 0);

    internal ActorPath Child(string name, long uid) =>
        new(ReferenceEquals(Parent, this) ? _text + name : $"{_text}/{name}", name, this, uid);
}
