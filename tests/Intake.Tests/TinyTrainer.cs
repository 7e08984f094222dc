using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Intake.Tests;

/// <summary>A trainer of the tiny model: has a bundle with checkpoints, and sends it piece by piece.</summary>
internal sealed class TinyTrainer
{
    internal const int Parameters = 15;

    private readonly HttpClient _client;

    /// <summary>Writes the bundle that is then sent from.</summary>
    internal TinyTrainer(HttpClient client, string folder, string run, params long[] steps)
    {
        _client = client;
        Run = run;
        Bundle = TinyBundle.Write(folder, TinyBundle.Linear, run, steps);
    }

    /// <summary>A trainer whose bundle is there.</summary>
    internal TinyTrainer(HttpClient client, RunBundle bundle) =>
        (_client, Bundle, Run) = (client, bundle, bundle.Manifest.Run);

    /// <summary>The same trainer, talking to another server.</summary>
    internal TinyTrainer(HttpClient client, TinyTrainer other)
    {
        _client = client;
        Run = other.Run;
        Bundle = other.Bundle;
    }

    internal string Run { get; }

    internal RunBundle Bundle { get; }

    internal byte[] Part(string name) => File.ReadAllBytes(Path.Combine(Bundle.Directory, name));

    internal byte[] Tensors(long step) => File.ReadAllBytes(Bundle.TensorsPath(step));

    /// <summary>The bundle as parts of a form; parts can be replaced, or left out with null.</summary>
    internal MultipartFormDataContent Form(Dictionary<string, byte[]?>? other = null)
    {
        var form = new MultipartFormDataContent();
        foreach (string name in new[] { "run.json", "model.pt", "probe.safetensors" })
        {
            byte[]? content =
                other is not null && other.TryGetValue(name, out byte[]? replaced) ? replaced : Part(name);
            if (content is not null)
            {
                form.Add(new ByteArrayContent(content), name, name);
            }
        }

        return form;
    }

    internal Task<HttpResponseMessage> RegisterAsync(Dictionary<string, byte[]?>? other = null) =>
        _client.PutAsync($"/api/runs/{Run}", Form(other));

    internal Task<HttpResponseMessage> SendAsync(long step, byte[]? tensors = null, string? header = null) =>
        SendAsync(
            step.ToString(CultureInfo.InvariantCulture),
            tensors ?? Tensors(step),
            header ?? $"{{\"step\":{step},\"loss\":{1.0 / (step + 1)},\"learning_rate\":0.25}}"
        );

    internal async Task<HttpResponseMessage> SendAsync(string step, byte[] tensors, string? header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/runs/{Run}/checkpoints/{step}")
        {
            Content = new ByteArrayContent(tensors),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Checkpoint", header);
        }

        return await _client.SendAsync(request);
    }

    internal Task<HttpResponseMessage> FinishAsync(string? body = null) =>
        _client.PostAsync(
            $"/api/runs/{Run}/finish",
            body is null ? null : new StringContent(body, Encoding.UTF8, "application/json")
        );

    internal static async Task<string> StateAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.GetProperty("state").GetString()!;
    }
}
