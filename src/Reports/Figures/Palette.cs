namespace CurvatureMonitor.Reports.Figures;

/// <summary>Colours that people with colour-vision deficiencies can tell apart (Okabe and Ito 2008).</summary>
internal static class Palette
{
    internal const string Text = "#222222";
    internal const string Grid = "#e4e4e4";
    internal const string Frame = "#666666";
    internal const string Limit = "#d55e00";
    internal const string Faint = "#56b4e9";

    private static readonly string[] Colours = ["#0072b2", "#009e73", "#cc79a7", "#e69f00"];

    /// <summary>Colours that follow each other in one panel.</summary>
    internal static string Nth(int index) => Colours[index % Colours.Length];

    /// <summary>The colour of an operator, the same in every picture.</summary>
    internal static string Of(string operatorName) =>
        operatorName switch
        {
            "hessian" => Colours[0],
            "ggn" => Colours[1],
            "residual" => Colours[2],
            _ => Colours[3],
        };
}
