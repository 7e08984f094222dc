using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor;

/// <summary>A server that takes runs over HTTP (docs/serve.md).</summary>
internal sealed class ServerConnection : IDisposable
{
    // What a problem says (RFC 9457).
    private static readonly string[] Told = ["title", "detail"];

    private readonly HttpClient _client;

    /// <summary>Names the server; nothing is sent yet.</summary>
    /// <param name="url">Its address.</param>
    /// <param name="token">Its token; null where it has none.</param>
    public ServerConnection(string url, string? token)
    {
        Url = url.TrimEnd('/');
        _client = new HttpClient { BaseAddress = new Uri(Url + "/") };
        _client.DefaultRequestHeaders.Authorization = token is null
            ? null
            : new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Its address.</summary>
    public string Url { get; }

    /// <summary>Sends what a run is.</summary>
    /// <param name="run">The run's name.</param>
    /// <param name="files">Manifest, model and probe set.</param>
    /// <exception cref="UserErrorException">The server cannot be reached or refuses.</exception>
    public async Task BeginAsync(string run, IReadOnlyList<string> files)
    {
        using var content = new MultipartFormDataContent();
        foreach (string file in files)
        {
            string name = Path.GetFileName(file);
            content.Add(new StreamContent(File.OpenRead(file)), $"\"{name}\"", $"\"{name}\"");
        }

        using var request = new HttpRequestMessage(HttpMethod.Put, $"api/runs/{run}") { Content = content };
        using var response = await SendAsync(request).ConfigureAwait(false);
        await RequireSuccessAsync(response).ConfigureAwait(false);
    }

    /// <summary>Sends a checkpoint.</summary>
    /// <param name="run">The run's name.</param>
    /// <param name="step">Its step.</param>
    /// <param name="tensors">The safetensors file.</param>
    /// <param name="info">What its JSON file says, on one line.</param>
    /// <returns>False where the server does not know the run.</returns>
    /// <exception cref="UserErrorException">The server cannot be reached or refuses.</exception>
    public async Task<bool> TrySendAsync(string run, long step, string tensors, string info)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"api/runs/{run}/checkpoints/{step}");
        using var content = new StreamContent(File.OpenRead(tensors));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = content };
        request.Headers.TryAddWithoutValidation("X-Checkpoint", info);
        using var response = await SendAsync(request).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }

        await RequireSuccessAsync(response).ConfigureAwait(false);
        return true;
    }

    /// <summary>Says that no more checkpoints come.</summary>
    /// <param name="run">The run's name.</param>
    /// <param name="failed">Whether the training failed.</param>
    /// <exception cref="UserErrorException">The server cannot be reached or refuses.</exception>
    public async Task FinishAsync(string run, bool failed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/runs/{run}/finish")
        {
            Content = JsonContent.Create(new Dictionary<string, string> { ["state"] = failed ? "failed" : "finished" }),
        };
        using var response = await SendAsync(request).ConfigureAwait(false);
        await RequireSuccessAsync(response).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        try
        {
            return await _client.SendAsync(request).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            throw new UserErrorException($"the server {Url} cannot be reached: {exception.Message}");
        }
    }

    private async Task RequireSuccessAsync(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        string text = "";
        try
        {
            var told = await response.Content.ReadFromJsonAsync<JsonElement>().ConfigureAwait(false);
            text = string.Join(
                ": ",
                Told.Select(key => told.TryGetProperty(key, out var value) ? value.GetString() : null).OfType<string>()
            );
        }
        catch (JsonException)
        {
            // Something else answers there.
        }

        throw new UserErrorException($"the server {Url} answered {(int)response.StatusCode} {text}".TrimEnd());
    }
}
