namespace CurvatureMonitor.Derivatives.TorchScript.Syntax;

/// <summary>One word of a source text.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Text">As written; of a string its characters after the escapes.</param>
/// <param name="Place">Where it begins.</param>
internal readonly record struct Token(TokenKind Kind, string Text, SourcePlace Place)
{
    /// <summary>Whether it is this operator, bracket or keyword.</summary>
    internal bool Is(string text) => Kind is TokenKind.Operator or TokenKind.Name && Text == text;

    /// <summary>For messages.</summary>
    internal string Description =>
        Kind switch
        {
            TokenKind.NewLine => "the end of the line",
            TokenKind.Indent => "an indentation",
            TokenKind.Dedent => "the end of a block",
            TokenKind.End => "the end of the text",
            TokenKind.Text => "a string",
            _ => $"'{Text}'",
        };
}
