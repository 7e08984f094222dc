namespace CurvatureMonitor.Derivatives.TorchScript.Syntax;

/// <summary>The kinds of words that TorchScript source is made of.</summary>
internal enum TokenKind
{
    Name,
    Number,
    Text,
    Operator,
    NewLine,
    Indent,
    Dedent,
    End,
}
