namespace CurvatureMonitor.Derivatives.TorchScript.Programs;

/// <summary>Calls in a source that is not parsed.</summary>
internal static class CallTexts
{
    /// <summary>The texts between the commas of one call, as far as its closing parenthesis.</summary>
    /// <param name="text">The source.</param>
    /// <param name="start">Behind the call's opening parenthesis.</param>
    internal static List<string> Arguments(string text, int start)
    {
        List<string> arguments = [];
        int depth = 0;
        int begin = start;
        for (int i = start; i < text.Length && depth >= 0; i++)
        {
            depth += text[i] switch
            {
                '(' or '[' => 1,
                ')' or ']' => -1,
                _ => 0,
            };
            if (depth < 0 || (depth == 0 && text[i] == ','))
            {
                arguments.Add(text[begin..i].Trim());
                begin = i + 1;
            }
        }

        return arguments;
    }
}
