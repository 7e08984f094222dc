namespace CurvatureMonitor.Derivatives.TorchScript.Syntax;

/// <summary>Reads expressions by recursive descent; binary operators by their precedence.</summary>
internal sealed class ExpressionParser(TokenReader reader)
{
    private const int Comparison = 4;
    private const int Unary = 11;

    private static readonly Dictionary<string, int> Precedence = new(StringComparer.Ordinal)
    {
        ["or"] = 1,
        ["and"] = 2,
        ["=="] = Comparison,
        ["!="] = Comparison,
        ["<"] = Comparison,
        ["<="] = Comparison,
        [">"] = Comparison,
        [">="] = Comparison,
        ["in"] = Comparison,
        ["is"] = Comparison,
        ["not"] = Comparison,
        ["|"] = 5,
        ["^"] = 6,
        ["&"] = 7,
        ["<<"] = 8,
        [">>"] = 8,
        ["+"] = 9,
        ["-"] = 9,
        ["*"] = 10,
        ["/"] = 10,
        ["//"] = 10,
        ["%"] = 10,
        ["@"] = 10,
    };

    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "and", "as", "assert", "break", "class", "continue", "def", "elif", "else", "for", "if", "import", "in", "is",
        "lambda", "not", "or", "pass", "raise", "return", "while", "with", "yield", "try", "except", "finally", "del",
    };

    private PostfixParser Postfix => field ??= new PostfixParser(reader, this);

    /// <summary>One expression without a comma at its top.</summary>
    internal Expression Read()
    {
        reader.Enter();
        var value = Binary(1);
        if (reader.At("if"))
        {
            reader.Take();
            var condition = Binary(1);
            reader.Expect("else");
            value = new ConditionalExpression(value.Place, condition, value, Read());
        }

        reader.Leave();
        return value;
    }

    /// <summary>Expressions with commas between them: a tuple unless there is one without a comma.</summary>
    internal Expression ReadTuple()
    {
        var first = Read();
        if (!reader.At(","))
        {
            return first;
        }

        List<Expression> items = [first];
        while (reader.TryTake(",") && StartsExpression())
        {
            items.Add(Read());
        }

        return new TupleExpression(first.Place, items);
    }

    /// <summary>The targets of a loop: names, without the operator <c>in</c>.</summary>
    internal Expression ReadTargets()
    {
        var first = Binary(Comparison + 1);
        if (!reader.At(","))
        {
            return first;
        }

        List<Expression> items = [first];
        while (reader.TryTake(",") && !reader.At("in"))
        {
            items.Add(Binary(Comparison + 1));
        }

        return new TupleExpression(first.Place, items);
    }

    /// <summary>A condition of a comprehension, or its source: no <c>if … else</c> at its top.</summary>
    internal Expression ReadPlain() => Binary(1);

    /// <summary>Whether an expression can begin here.</summary>
    internal bool StartsExpression() =>
        reader.Current.Kind switch
        {
            TokenKind.Number or TokenKind.Text => true,
            TokenKind.Name => reader.At("not") || !Reserved.Contains(reader.Current.Text),
            TokenKind.Operator => reader.Current.Text is "(" or "[" or "{" or "-" or "+" or "~" or "...",
            _ => false,
        };

    /// <summary>Whether a name may not be a variable.</summary>
    internal static bool IsReserved(string name) => Reserved.Contains(name);

    private Expression Binary(int minimum)
    {
        var left = Operand(minimum);
        int levels = 0;
        while (TryOperator(minimum) is var (name, precedence))
        {
            reader.Enter();
            levels++;
            left = new BinaryExpression(left.Place, name, left, Binary(precedence + 1));
            if (precedence == Comparison && TryPeek(Comparison))
            {
                throw reader.Current.Place.Error("comparisons in a chain are not part of TorchScript");
            }
        }

        reader.Leave(levels);
        return left;
    }

    private Expression Operand(int minimum)
    {
        var token = reader.Current;
        if (token.Is("not"))
        {
            if (minimum > Comparison)
            {
                throw reader.Unexpected("an operand");
            }

            reader.Take();
            reader.Enter();
            var operand = Binary(3);
            reader.Leave();
            return new UnaryExpression(token.Place, "not", operand);
        }

        if (!(token.Is("-") || token.Is("+") || token.Is("~")))
        {
            return Power();
        }

        reader.Take();
        reader.Enter();
        var value = Operand(Unary);
        reader.Leave();
        return token.Is("-") && value is LiteralExpression { Value: long or double } number
            ? Negate(token, number)
            : new UnaryExpression(token.Place, token.Text, value);
    }

    private static LiteralExpression Negate(Token token, LiteralExpression number) =>
        new(token.Place, number.Value is long integer ? unchecked(-integer) : (object)-(double)number.Value!);

    // a ** b binds more tightly than a sign before it and less than one behind it.
    private Expression Power()
    {
        var value = Postfix.Read();
        if (!reader.TryTake("**"))
        {
            return value;
        }

        reader.Enter();
        var exponent = Operand(Unary);
        reader.Leave();
        return new BinaryExpression(value.Place, "**", value, exponent);
    }

    private bool TryPeek(int precedence) =>
        reader.Current.Kind is TokenKind.Operator or TokenKind.Name
        && Precedence.TryGetValue(reader.Current.Text, out int found)
        && found == precedence;

    private (string Name, int Precedence)? TryOperator(int minimum)
    {
        if (
            reader.Current.Kind is not (TokenKind.Operator or TokenKind.Name)
            || !Precedence.TryGetValue(reader.Current.Text, out int precedence)
            || precedence < minimum
        )
        {
            return null;
        }

        string name = reader.Take().Text;
        if (name == "not")
        {
            reader.Expect("in");
            name = "not in";
        }
        else if (name == "is" && reader.TryTake("not"))
        {
            name = "is not";
        }

        return (name, precedence);
    }
}
