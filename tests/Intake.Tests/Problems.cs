using System.Net;
using System.Text.Json;

namespace CurvatureMonitor.Intake.Tests;

internal static class Problems
{
    /// <summary>The answer is that problem, told in one line, and tells nothing of the server's own folders.</summary>
    internal static async Task AssertAsync(
        HttpResponseMessage response,
        HttpStatusCode status,
        params string[] fragments
    )
    {
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{response.StatusCode}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var document = JsonDocument.Parse(body);
        string title = document.RootElement.GetProperty("title").GetString()!,
            detail = document.RootElement.GetProperty("detail").GetString()!;
        Assert.Equal((int)status, document.RootElement.GetProperty("status").GetInt32());
        Assert.All([title, detail], text => Assert.DoesNotContain(text, char.IsControl));
        Assert.NotEmpty(title);
        Assert.DoesNotContain(Path.GetTempPath().TrimEnd('/') + "/host-test-", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", detail, StringComparison.Ordinal);
        Assert.All(fragments, fragment => Assert.Contains(fragment, detail, StringComparison.OrdinalIgnoreCase));
    }
}
