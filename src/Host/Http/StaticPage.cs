using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace CurvatureMonitor.Host.Http;

/// <summary>Serves the built page from its folder.</summary>
internal static class StaticPage
{
    // Everything comes from this host: no script, style, font or picture from elsewhere, nothing inline.
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Adds the page at <c>/</c> to the pipeline.</summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="webRoot">Folder of the built page; where it is missing, <c>/</c> says so.</param>
    public static void UseStaticPage(this WebApplication app, string webRoot)
    {
        if (!File.Exists(Path.Combine(webRoot, "index.html")))
        {
            app.MapGet("/", () =>
                Results.Problem(
                    statusCode: StatusCodes.Status404NotFound,
                    title: "The live page was not built",
                    detail: "Build src/Host without SkipPage=true; Node 18 or newer and npm are needed. The API and "
                        + "the metrics work without it."
                )
            );
            return;
        }

        var files = new PhysicalFileProvider(Path.GetFullPath(webRoot));
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(
            new StaticFileOptions { FileProvider = files, OnPrepareResponse = context => SetHeaders(context.Context) }
        );
    }

    private static void SetHeaders(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        // Files under /assets carry a hash of their content in their name; the others are asked for again, and answered
        // 304 while they are the same.
        headers[HeaderNames.CacheControl] = context.Request.Path.StartsWithSegments("/assets")
            ? "public, max-age=31536000, immutable"
            : "no-cache";
        headers[HeaderNames.ContentSecurityPolicy] = ContentPolicy;
        headers["Referrer-Policy"] = "no-referrer";
    }
}
