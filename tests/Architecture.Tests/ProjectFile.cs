using System.Xml.Linq;

namespace CurvatureMonitor.Architecture.Tests;

/// <summary>What a project file refers to.</summary>
/// <param name="Path">The file's folder from the root of the repository: <c>src/Metrics</c>.</param>
/// <param name="References">Folders of the projects that it refers to.</param>
/// <param name="Packages">Names of the packages and frameworks that it refers to.</param>
internal sealed record ProjectFile(string Path, IReadOnlyList<string> References, IReadOnlyList<string> Packages)
{
    private const string WebFramework = "Microsoft.AspNetCore.App";

    /// <summary>Reads a project file.</summary>
    /// <param name="path">Its path from the root of the repository.</param>
    /// <param name="xml">Its content.</param>
    public static ProjectFile Parse(string path, string xml)
    {
        var root = XDocument.Parse(xml).Root!;
        string folder = System.IO.Path.GetDirectoryName(path)!;
        bool isWeb = (string?)root.Attribute("Sdk") == "Microsoft.NET.Sdk.Web";
        return new ProjectFile(
            folder,
            [.. Included(root, "ProjectReference").Select(reference => Folder(folder, reference))],
            [
                .. Included(root, "PackageReference"),
                .. Included(root, "FrameworkReference"),
                .. isWeb ? [WebFramework] : Array.Empty<string>(),
            ]
        );
    }

    private static IEnumerable<string> Included(XElement root, string kind) =>
        root.Descendants(kind).Select(element => (string?)element.Attribute("Include")).OfType<string>();

    private static string Folder(string from, string reference) =>
        System.IO.Path.GetRelativePath(
            "/",
            System.IO.Path.GetFullPath(System.IO.Path.Combine("/", from, System.IO.Path.GetDirectoryName(reference)!))
        );
}
