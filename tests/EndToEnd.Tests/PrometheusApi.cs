using System.Globalization;
using System.Net;
using System.Text.Json;

namespace CurvatureMonitor.EndToEnd.Tests;

/// <summary>The HTTP API of a Prometheus, as Grafana asks it.</summary>
internal sealed class PrometheusApi(Uri address) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = address, Timeout = TimeSpan.FromMinutes(1) };

    public void Dispose() => _client.Dispose();

    /// <summary>A query over a range, a point a second.</summary>
    internal async Task<Answer> RangeAsync(string query, DateTimeOffset from, DateTimeOffset to)
    {
        string path = string.Create(
            CultureInfo.InvariantCulture,
            $"api/v1/query_range?query={Uri.EscapeDataString(query)}"
                + $"&start={from.ToUnixTimeSeconds()}&end={to.ToUnixTimeSeconds()}&step=1"
        );
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        using var document = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
        return response.StatusCode == HttpStatusCode.OK
            ? new Answer(
                [.. document.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(Read)],
                null
            )
            : new Answer([], document.RootElement.GetProperty("error").GetString());
    }

    /// <summary>The member "data" of an answer.</summary>
    internal async Task<JsonElement> GetAsync(string path)
    {
        using var document = JsonDocument.Parse(await _client.GetStringAsync(new Uri(path, UriKind.Relative)));
        return document.RootElement.GetProperty("data").Clone();
    }

    private static Series Read(JsonElement series) =>
        new(
            series
                .GetProperty("metric")
                .EnumerateObject()
                .ToDictionary(label => label.Name, label => label.Value.GetString()!, StringComparer.Ordinal),
            [
                .. series
                    .GetProperty("values")
                    .EnumerateArray()
                    .Where(point => point[1].GetString() != "NaN")
                    .Select(point => point[0].GetDouble()),
            ]
        );
}
