namespace CurvatureMonitor.Derivatives.TorchScript.Syntax;

/// <summary>Names, literals and brackets, and the attributes, calls and subscripts behind them.</summary>
internal sealed class PostfixParser(TokenReader reader, ExpressionParser expressions)
{
    /// <summary>One operand.</summary>
    internal Expression Read()
    {
        var value = Primary();
        int levels = 0;
        while (reader.At(".") || reader.At("(") || reader.At("["))
        {
            reader.Enter();
            levels++;
            var place = value.Place;
            value = reader.Take().Text switch
            {
                "." => new AttributeExpression(place, value, reader.Expect(TokenKind.Name, "a name").Text),
                "(" => new CallExpression(place, value, Arguments()),
                _ => new SubscriptExpression(place, value, Subscripts()),
            };
        }

        reader.Leave(levels);
        return value;
    }

    private Expression Primary()
    {
        var token = reader.Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                return new LiteralExpression(token.Place, NumberLiteral.Read(reader.Take()));
            case TokenKind.Text:
                return new LiteralExpression(token.Place, Texts());
            case TokenKind.Name when !ExpressionParser.IsReserved(token.Text):
                reader.Take();
                return token.Text switch
                {
                    "None" => new LiteralExpression(token.Place, null),
                    "True" => new LiteralExpression(token.Place, true),
                    "False" => new LiteralExpression(token.Place, false),
                    _ => new NameExpression(token.Place, token.Text),
                };
            case TokenKind.Operator when token.Text is "(" or "[" or "{" or "...":
                reader.Take();
                return token.Text switch
                {
                    "(" => Parenthesised(token.Place),
                    "[" => List(token.Place),
                    "{" => Dictionary(token.Place),
                    _ => new LiteralExpression(token.Place, Ellipsis.Value),
                };
            default:
                throw reader.Unexpected("an expression");
        }
    }

    // Strings next to each other are one.
    private string Texts()
    {
        string text = reader.Take().Text;
        while (reader.At(TokenKind.Text))
        {
            text += reader.Take().Text;
        }

        return text;
    }

    private Expression Parenthesised(SourcePlace place)
    {
        if (reader.TryTake(")"))
        {
            return new TupleExpression(place, []);
        }

        var value = expressions.ReadTuple();
        reader.Expect(")");
        return value;
    }

    private Expression List(SourcePlace place)
    {
        if (reader.TryTake("]"))
        {
            return new ListExpression(place, []);
        }

        var first = expressions.Read();
        if (reader.TryTake("for"))
        {
            return Comprehension(place, first);
        }

        List<Expression> items = [first];
        while (reader.TryTake(",") && !reader.At("]"))
        {
            items.Add(expressions.Read());
        }

        reader.Expect("]");
        return new ListExpression(place, items);
    }

    private ComprehensionExpression Comprehension(SourcePlace place, Expression element)
    {
        var target = expressions.ReadTargets();
        reader.Expect("in");
        var source = expressions.ReadPlain();
        var condition = reader.TryTake("if") ? expressions.ReadPlain() : null;
        reader.Expect("]");
        return new ComprehensionExpression(place, element, target, source, condition);
    }

    private DictionaryExpression Dictionary(SourcePlace place)
    {
        List<KeyValuePair<Expression, Expression>> items = [];
        while (!reader.At("}"))
        {
            var key = expressions.Read();
            reader.Expect(":");
            items.Add(new(key, expressions.Read()));
            if (!reader.TryTake(","))
            {
                break;
            }
        }

        reader.Expect("}");
        return new DictionaryExpression(place, items);
    }

    private List<Argument> Arguments()
    {
        List<Argument> arguments = [];
        while (!reader.At(")"))
        {
            var value = expressions.Read();
            string? name = null;
            if (value is NameExpression keyword && reader.TryTake("="))
            {
                name = keyword.Name;
                value = expressions.Read();
            }
            else if (arguments is [.., { Name: not null }])
            {
                throw value.Place.Error("an argument without a name follows one with a name");
            }

            arguments.Add(new Argument(name, value));
            if (!reader.TryTake(","))
            {
                break;
            }
        }

        reader.Expect(")");
        return arguments;
    }

    private List<Expression> Subscripts()
    {
        List<Expression> items = [];
        do
        {
            items.Add(Subscript());
        } while (reader.TryTake(",") && !reader.At("]"));

        reader.Expect("]");
        return items;
    }

    private Expression Subscript()
    {
        var place = reader.Current.Place;
        var start = reader.At(":") ? null : expressions.Read();
        if (!reader.TryTake(":"))
        {
            return start ?? throw reader.Unexpected("a subscript");
        }

        var stop = expressions.StartsExpression() ? expressions.Read() : null;
        var step = reader.TryTake(":") && expressions.StartsExpression() ? expressions.Read() : null;
        return new SliceExpression(place, start, stop, step);
    }
}
