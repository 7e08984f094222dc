using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.TorchScript.Syntax;

/// <summary>Splits a source text into words; indentation becomes <see cref="TokenKind.Indent"/> and its end.</summary>
internal sealed class Lexer
{
    private const int MaxIndentation = 200;

    private static readonly string[] Operators =
    [
        "**=", "//=", ">>=", "<<=", "...",
        "->", "**", "//", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=", "%=", "@=", "|=", "&=", "^=", "<<", ">>",
        "+", "-", "*", "/", "%", "@", "<", ">", "=", "(", ")", "[", "]", "{", "}", ",", ":", ".", "~", "|", "&", "^",
    ];

    private readonly string _file;
    private readonly string _text;
    private readonly List<Token> _tokens = [];
    private readonly Stack<int> _indents = new([0]);
    private int _position;
    private int _line = 1;
    private int _lineStart;
    private int _brackets;

    private Lexer(string file, string text)
    {
        _file = file;
        _text = text;
    }

    private SourcePlace Place => new(_file, _line, _position - _lineStart + 1);

    private bool AtEnd => _position >= _text.Length;

    /// <summary>The words of a text, the last of them <see cref="TokenKind.End"/>.</summary>
    /// <exception cref="DerivativeException">A character, a number or a string is none of the language.</exception>
    internal static List<Token> Read(string file, string text)
    {
        var lexer = new Lexer(file, text);
        lexer.ReadAll();
        return lexer._tokens;
    }

    private void ReadAll()
    {
        bool fresh = true;
        while (!AtEnd)
        {
            if (fresh && _brackets == 0)
            {
                ReadIndentation();
            }

            fresh = ReadLine();
        }

        if (_tokens.Count > 0 && _tokens[^1].Kind != TokenKind.NewLine)
        {
            Add(TokenKind.NewLine, string.Empty, Place);
        }

        for (; _indents.Peek() > 0; _indents.Pop())
        {
            Add(TokenKind.Dedent, string.Empty, Place);
        }

        Add(TokenKind.End, string.Empty, Place);
    }

    // Lines that hold nothing but a comment have no indentation.
    private void ReadIndentation()
    {
        int width = 0;
        while (!AtEnd && _text[_position] is ' ' or '\t')
        {
            width = _text[_position] == ' ' ? width + 1 : (width / 8 * 8) + 8;
            _position++;
        }

        if (AtEnd || _text[_position] is '#' or '\n' or '\r')
        {
            return;
        }

        if (width > _indents.Peek())
        {
            if (_indents.Count > MaxIndentation)
            {
                throw Place.Error("the blocks are nested too deeply");
            }

            _indents.Push(width);
            Add(TokenKind.Indent, string.Empty, Place);
        }

        for (; width < _indents.Peek(); _indents.Pop())
        {
            Add(TokenKind.Dedent, string.Empty, Place);
        }

        if (width != _indents.Peek())
        {
            throw Place.Error("the indentation fits no block around it");
        }
    }

    // To the end of the line, or of the text.
    private bool ReadLine()
    {
        while (!AtEnd)
        {
            char c = _text[_position];
            if (c == '\n')
            {
                EndLine();
                return true;
            }

            if (c is ' ' or '\t' or '\r' or '\f')
            {
                _position++;
            }
            else if (c == '#')
            {
                int end = _text.IndexOf('\n', _position);
                _position = end < 0 ? _text.Length : end;
            }
            else if (c == '\\' && _position + 1 < _text.Length && _text[_position + 1] == '\n')
            {
                _position += 2;
                StartLine();
            }
            else
            {
                ReadWord(c);
            }
        }

        return true;
    }

    private void EndLine()
    {
        if (_brackets == 0 && _tokens.Count > 0 && _tokens[^1].Kind is not (TokenKind.NewLine or TokenKind.Dedent))
        {
            Add(TokenKind.NewLine, string.Empty, Place);
        }

        _position++;
        StartLine();
    }

    private void StartLine()
    {
        _line++;
        _lineStart = _position;
    }

    private void ReadWord(char c)
    {
        var place = Place;
        if (char.IsLetter(c) || c == '_')
        {
            int start = _position;
            while (!AtEnd && (char.IsLetterOrDigit(_text[_position]) || _text[_position] == '_'))
            {
                _position++;
            }

            Add(TokenKind.Name, _text[start.._position], place);
        }
        else if (char.IsAsciiDigit(c) || (c == '.' && _position + 1 < _text.Length && IsDigit(_position + 1)))
        {
            ReadNumber(place);
        }
        else if (c is '"' or '\'')
        {
            ReadText(c, place);
        }
        else
        {
            ReadOperator(place);
        }
    }

    private void ReadNumber(SourcePlace place)
    {
        int start = _position;
        bool hexadecimal = _text.AsSpan(start).StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        while (!AtEnd && (char.IsAsciiLetterOrDigit(_text[_position]) || _text[_position] is '.' or '_'))
        {
            bool exponent = !hexadecimal && _text[_position] is 'e' or 'E';
            _position++;
            if (exponent && !AtEnd && _text[_position] is '+' or '-')
            {
                _position++;
            }
        }

        Add(TokenKind.Number, _text[start.._position], place);
    }

    private void ReadText(char quote, SourcePlace place)
    {
        var triple = new string(quote, 3);
        bool isTriple = string.CompareOrdinal(_text, _position, triple, 0, 3) == 0;
        int length = isTriple ? 3 : 1;
        int start = _position += length;
        while (!AtEnd)
        {
            if (isTriple ? string.CompareOrdinal(_text, _position, triple, 0, 3) == 0 : _text[_position] == quote)
            {
                Add(TokenKind.Text, TextLiteral.Read(_text.AsSpan(start, _position - start), place), place);
                _position += length;
                return;
            }

            if (_text[_position] == '\n' && !isTriple)
            {
                break;
            }

            if (_text[_position] == '\\')
            {
                _position++;
            }

            if (!AtEnd && _text[_position++] == '\n')
            {
                StartLine();
            }
        }

        throw place.Error("a string has no end");
    }

    private void ReadOperator(SourcePlace place)
    {
        foreach (string known in Operators)
        {
            if (string.CompareOrdinal(_text, _position, known, 0, known.Length) == 0)
            {
                _position += known.Length;
                _brackets = known switch
                {
                    "(" or "[" or "{" => _brackets + 1,
                    ")" or "]" or "}" => Math.Max(_brackets - 1, 0),
                    _ => _brackets,
                };
                Add(TokenKind.Operator, known, place);
                return;
            }
        }

        throw place.Error($"the character {TextLiteral.Write(_text[_position].ToString())} has no meaning here");
    }

    private bool IsDigit(int position) => char.IsAsciiDigit(_text[position]);

    private void Add(TokenKind kind, string text, SourcePlace place) => _tokens.Add(new Token(kind, text, place));
}
