namespace CurvatureMonitor.Derivatives.TorchScript.Operations.Schemas;

/// <summary>The parameters of one form of an operation of libtorch.</summary>
internal sealed class OperatorSchema
{
    private OperatorSchema(IReadOnlyList<SchemaParameter> parameters) => Parameters = parameters;

    /// <summary>The parameters in order.</summary>
    internal IReadOnlyList<SchemaParameter> Parameters { get; }

    /// <summary>Reads a line such as <c>add(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor</c>.</summary>
    internal static OperatorSchema Read(string line)
    {
        int open = line.IndexOf('(', StringComparison.Ordinal);
        List<SchemaParameter> parameters = [];
        bool isKeyword = false;
        foreach (string part in Split(line, open + 1))
        {
            if (part == "*")
            {
                isKeyword = true;
                continue;
            }

            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string declared = (equals < 0 ? part : part[..equals]).Trim();
            int space = declared.LastIndexOf(' ');
            parameters.Add(
                new SchemaParameter(
                    SchemaType.Read(declared[..space].Trim()),
                    declared[(space + 1)..],
                    equals >= 0,
                    isKeyword
                )
            );
        }

        return new OperatorSchema(parameters);
    }

    /// <summary>
    /// The parameter of each value, if the form takes them; null otherwise. Integers at the end may be the items of a
    /// list: each of them then has the list's parameter.
    /// </summary>
    /// <param name="names">The values' names; null for those that go by their place.</param>
    /// <param name="values">The values.</param>
    internal SchemaParameter[]? Match(string?[] names, object?[] values)
    {
        var found = new SchemaParameter[values.Length];
        var missing = Parameters.Where(parameter => !parameter.HasDefault).ToHashSet();
        for (int i = 0; i < values.Length; i++)
        {
            string? name = i < names.Length ? names[i] : null;
            var parameter = name is null ? At(i) : Parameters.FirstOrDefault(known => known.Name == name);
            if (parameter is null)
            {
                return null;
            }

            missing.Remove(parameter);
            if (!parameter.Type.Takes(values[i]))
            {
                bool isItems =
                    parameter.Type.IsIntegers
                    && Array.TrueForAll(names, known => known is null)
                    && values.Skip(i).All(value => value is long);
                if (!isItems || missing.Count > 0)
                {
                    return null;
                }

                Array.Fill(found, parameter, i, values.Length - i);
                return found;
            }

            found[i] = parameter;
        }

        return missing.Count == 0 ? found : null;
    }

    private SchemaParameter? At(int place) =>
        place < Parameters.Count && !Parameters[place].IsKeyword ? Parameters[place] : null;

    // The parts between the commas that stand in no brackets of their own.
    private static IEnumerable<string> Split(string line, int start)
    {
        int depth = 0;
        for (int i = start; i < line.Length; i++)
        {
            switch (line[i])
            {
                case '(' or '[':
                    depth++;
                    break;
                case ')' when depth == 0:
                case ',' when depth == 0:
                    string part = line[start..i].Trim();
                    if (part.Length > 0)
                    {
                        yield return part;
                    }

                    if (line[i] == ')')
                    {
                        yield break;
                    }

                    start = i + 1;
                    break;
                case ')' or ']':
                    depth--;
                    break;
                default:
                    break;
            }
        }
    }
}
