namespace CurvatureMonitor.Architecture.Tests;

/// <summary>A page with two small tables.</summary>
internal static class SmallPage
{
    public const string Page = """
        ## Projects

        | floor | project | for | references | packages |
        |---|---|---|---|---|
        | 0 | `src/Low` | data | – | – |
        | 1 | `src/High` | work | Low | `Some.Package`, `Microsoft.AspNetCore.App` |

        ## Folders

        | project | folders |
        |---|---|
        | `src/High` | Upper, Lower, (root) |
        | `src/Low` | in no order yet |
        """;

    public static readonly ArchitectureTables Tables = ArchitectureTables.Parse(Page);
}
