using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace CurvatureMonitor.LivePage.Api;

/// <summary>Serves the built page from its folder, an endpoint a file: other paths stay the program's.</summary>
internal static class PageFiles
{
    private const string Index = "index.html";

    // Their names carry a hash of their content.
    private const string Assets = "assets/";

    // Everything comes from this host: no script, style, font or picture from elsewhere, nothing inline.
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    /// <summary>Maps the page at <c>/</c>.</summary>
    /// <param name="endpoints">The endpoints of the program.</param>
    /// <param name="folder">Folder of the built page; where it is missing, <c>/</c> says so.</param>
    public static void MapPageFiles(this IEndpointRouteBuilder endpoints, string folder)
    {
        string root = Path.GetFullPath(folder);
        if (!File.Exists(Path.Combine(root, Index)))
        {
            endpoints.MapGet("/", NotBuilt);
            return;
        }

        endpoints.MapMethods("/", Methods, (HttpContext context) => IndexOf(context, root));
        foreach (string file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(root, file).Replace('\\', '/');
            endpoints.MapMethods("/" + name, Methods, (HttpContext context) => Serve(context, file, name));
        }
    }

    // The page's addresses are relative to its own, which therefore must end in a slash.
    private static IResult IndexOf(HttpContext context, string root)
    {
        var request = context.Request;
        return request.Path.Value is not { Length: > 0 } path || path.EndsWith('/')
            ? Serve(context, Path.Combine(root, Index), Index)
            : Results.Redirect($"{request.PathBase}{request.Path}/{request.QueryString}");
    }

    private static PhysicalFileHttpResult Serve(HttpContext context, string file, string name)
    {
        var headers = context.Response.Headers;

        // What may change is asked for again, and answered 304 while it is the same.
        headers[HeaderNames.CacheControl] = name.StartsWith(Assets, StringComparison.Ordinal)
            ? "public, max-age=31536000, immutable"
            : "no-cache";
        headers[HeaderNames.XContentTypeOptions] = "nosniff";
        headers[HeaderNames.ContentSecurityPolicy] = ContentPolicy;
        headers["Referrer-Policy"] = "no-referrer";

        var state = new FileInfo(file);
        long tag = state.LastWriteTimeUtc.Ticks ^ state.Length;
        return TypedResults.PhysicalFile(
            file,
            ContentTypes.TryGetContentType(file, out string? type) ? type : "application/octet-stream",
            lastModified: state.LastWriteTimeUtc,
            entityTag: new EntityTagHeaderValue($"\"{tag.ToString("x", CultureInfo.InvariantCulture)}\"")
        );
    }

    private static IResult NotBuilt() =>
        Results.Problem(
            statusCode: StatusCodes.Status404NotFound,
            title: "The live page was not built",
            detail: "Build src/LivePage without SkipPage=true; Node 18 or newer and npm are needed. The API and the "
                + "metrics work without it."
        );
}
