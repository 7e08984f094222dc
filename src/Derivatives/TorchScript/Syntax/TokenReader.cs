using System.Runtime.CompilerServices;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.TorchScript.Syntax;

/// <summary>The words of a text in order, and how deeply the parser is nested.</summary>
internal sealed class TokenReader(List<Token> tokens)
{
    private const int MaxDepth = 200;

    private int _next;
    private int _depth;

    /// <summary>The next word.</summary>
    internal Token Current => tokens[_next];

    /// <summary>Whether the next word is this operator or keyword.</summary>
    internal bool At(string text) => Current.Is(text);

    /// <summary>Whether the next word is of this kind.</summary>
    internal bool At(TokenKind kind) => Current.Kind == kind;

    /// <summary>Takes the next word.</summary>
    internal Token Take()
    {
        var token = Current;
        _next = Math.Min(_next + 1, tokens.Count - 1);
        return token;
    }

    /// <summary>Takes the next word if it is this one.</summary>
    internal bool TryTake(string text)
    {
        bool found = At(text);
        if (found)
        {
            Take();
        }

        return found;
    }

    /// <summary>Takes the next word, which must be this one.</summary>
    internal Token Expect(string text) => At(text) ? Take() : throw Unexpected($"'{text}'");

    /// <summary>Takes the next word, which must be of this kind.</summary>
    internal Token Expect(TokenKind kind, string wanted) => At(kind) ? Take() : throw Unexpected(wanted);

    /// <summary>The error of a word that does not belong here.</summary>
    internal DerivativeException Unexpected(string wanted) =>
        Current.Place.Error($"{wanted} is expected where {Current.Description} stands");

    /// <summary>
    /// One level deeper: every level of the tree that is made must be counted, since the tree is walked recursively.
    /// </summary>
    internal void Enter()
    {
        if (++_depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Current.Place.Error("the text is nested too deeply");
        }
    }

    /// <summary>Back by so many levels.</summary>
    internal void Leave(int levels = 1) => _depth -= levels;
}
