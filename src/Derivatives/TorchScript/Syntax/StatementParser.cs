using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.TorchScript.Syntax;

/// <summary>Reads the statements of a source text.</summary>
internal sealed class StatementParser
{
    private readonly TokenReader _reader;
    private readonly ExpressionParser _expressions;
    private readonly bool _takesWith;

    private StatementParser(TokenReader reader, bool takesWith = false)
    {
        (_reader, _takesWith) = (reader, takesWith);
        _expressions = new ExpressionParser(reader);
    }

    /// <summary>The statements of a text.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="text">The text.</param>
    /// <param name="takesWith">Whether <c>with</c> is known: the program has classes that it may be of.</param>
    /// <exception cref="DerivativeException">It is no TorchScript; the message names line and column.</exception>
    internal static List<Statement> Read(string file, string text, bool takesWith = false)
    {
        var parser = new StatementParser(new TokenReader(Lexer.Read(file, text)), takesWith);
        List<Statement> statements = [];
        while (!parser._reader.At(TokenKind.End))
        {
            statements.Add(parser.ReadStatement());
        }

        return statements;
    }

    /// <summary>The one expression that a text is.</summary>
    /// <exception cref="DerivativeException">It is none.</exception>
    internal static Expression ReadExpression(string text)
    {
        var parser = new StatementParser(new TokenReader(Lexer.Read("expression", text)));
        var value = parser._expressions.ReadTuple();
        parser._reader.Expect(TokenKind.NewLine, "the end of the line");
        parser._reader.Expect(TokenKind.End, "the end of the text");
        return value;
    }

    private Statement ReadStatement()
    {
        _reader.Enter();
        var place = _reader.Current.Place;
        Statement statement;
        switch (_reader.At(TokenKind.Name) ? _reader.Current.Text : null)
        {
            case "if":
                statement = If(place);
                break;
            case "while":
                _reader.Take();
                statement = new WhileStatement(place, _expressions.Read(), Block());
                break;
            case "for":
                _reader.Take();
                var target = _expressions.ReadTargets();
                _reader.Expect("in");
                statement = new ForStatement(place, target, _expressions.ReadTuple(), Block());
                break;
            case "with" when _takesWith:
                statement = With(place);
                break;
            case "def":
                statement = Function(place);
                break;
            case "class":
                statement = Class(place);
                break;
            default:
                statement = Simple(place);
                _reader.Expect(TokenKind.NewLine, "the end of the line");
                break;
        }

        _reader.Leave();
        return statement;
    }

    private IfStatement If(SourcePlace place)
    {
        _reader.Take();
        var condition = _expressions.Read();
        var then = Block();
        var next = _reader.Current.Place;
        if (_reader.At("elif"))
        {
            _reader.Enter();
            List<Statement> otherwise = [If(next)];
            _reader.Leave();
            return new IfStatement(place, condition, then, otherwise);
        }

        return new IfStatement(place, condition, then, _reader.TryTake("else") ? Block() : []);
    }

    private WithStatement With(SourcePlace place)
    {
        List<(Expression Item, Expression? Target)> items = [];
        do
        {
            _reader.Take();
            var item = _expressions.Read();
            items.Add((item, _reader.TryTake("as") ? Assignable(_expressions.Read()) : null));
        } while (_reader.At(","));

        return new WithStatement(place, items, Block());
    }

    private List<Statement> Block()
    {
        _reader.Expect(":");
        List<Statement> statements = [];
        if (!_reader.At(TokenKind.NewLine))
        {
            statements.Add(Simple(_reader.Current.Place));
            _reader.Expect(TokenKind.NewLine, "the end of the line");
            return statements;
        }

        _reader.Take();
        _reader.Expect(TokenKind.Indent, "an indented block");
        while (!_reader.At(TokenKind.Dedent))
        {
            statements.Add(ReadStatement());
        }

        _reader.Take();
        return statements;
    }

    private Statement Simple(SourcePlace place)
    {
        switch (_reader.At(TokenKind.Name) ? _reader.Current.Text : null)
        {
            case "pass":
                _reader.Take();
                return new PassStatement(place);
            case "break":
                _reader.Take();
                return new BreakStatement(place);
            case "continue":
                _reader.Take();
                return new ContinueStatement(place);
            case "return":
                _reader.Take();
                return new ReturnStatement(place, _expressions.StartsExpression() ? _expressions.ReadTuple() : null);
            case "raise":
                _reader.Take();
                return new RaiseStatement(place, _expressions.StartsExpression() ? _expressions.Read() : null);
            case "assert":
                _reader.Take();
                var condition = _expressions.Read();
                return new AssertStatement(place, condition, _reader.TryTake(",") ? _expressions.Read() : null);
            case "with":
            case "try":
            case "lambda":
            case "del":
            case "import":
                throw place.Unsupported($"'{_reader.Current.Text}' is not supported");
            default:
                return Assignment(place);
        }
    }

    private Statement Assignment(SourcePlace place)
    {
        var value = _expressions.ReadTuple();
        if (_reader.TryTake(":"))
        {
            var type = _expressions.Read();
            return new AnnotatedStatement(
                place,
                Assignable(value),
                type,
                _reader.TryTake("=") ? _expressions.ReadTuple() : null
            );
        }

        if (_reader.Current is { Kind: TokenKind.Operator, Text: [.., _, '='] and not ("==" or "!=" or "<=" or ">=") })
        {
            string name = _reader.Take().Text[..^1];
            return new AugmentedStatement(place, Assignable(value), name, _expressions.ReadTuple());
        }

        List<Expression> targets = [];
        while (_reader.TryTake("="))
        {
            targets.Add(Assignable(value));
            value = _expressions.ReadTuple();
        }

        return targets.Count == 0
            ? new ExpressionStatement(place, value)
            : new AssignStatement(place, targets, value);
    }

    private static Expression Assignable(Expression target)
    {
        var parts = target switch
        {
            TupleExpression tuple => tuple.Items,
            ListExpression list => list.Items,
            _ => [],
        };
        foreach (var part in parts)
        {
            Assignable(part);
        }

        return target
            is NameExpression
                or AttributeExpression
                or SubscriptExpression
                or TupleExpression { Items.Count: > 0 }
                or ListExpression { Items.Count: > 0 }
            ? target
            : throw target.Place.Error("this can take no value");
    }

    private FunctionStatement Function(SourcePlace place)
    {
        _reader.Take();
        string name = _reader.Expect(TokenKind.Name, "the name of a function").Text;
        _reader.Expect("(");
        List<ParameterSyntax> parameters = [];
        while (!_reader.At(")"))
        {
            if (!_reader.TryTake("*"))
            {
                string parameter = _reader.Expect(TokenKind.Name, "the name of a parameter").Text;
                if (_reader.TryTake(":"))
                {
                    _expressions.Read();
                }

                parameters.Add(new(parameter, _reader.TryTake("=") ? _expressions.Read() : null));
            }

            if (!_reader.TryTake(","))
            {
                break;
            }
        }

        _reader.Expect(")");
        if (_reader.TryTake("->"))
        {
            _expressions.Read();
        }

        return new FunctionStatement(place, name, parameters, Block());
    }

    private ClassStatement Class(SourcePlace place)
    {
        _reader.Take();
        string name = _reader.Expect(TokenKind.Name, "the name of a class").Text;
        string? parent = null;
        if (_reader.TryTake("("))
        {
            parent = _reader.Expect(TokenKind.Name, "the name of a class").Text;
            _reader.Expect(")");
        }

        return new ClassStatement(place, name, parent, Block());
    }
}
