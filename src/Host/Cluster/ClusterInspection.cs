using System.Net;
using System.Text.Json;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Host.Cluster;

/// <summary>Asks a host what it says of its cluster.</summary>
internal static class ClusterInspection
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <param name="host">The address of the host's page.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="UserErrorException">It does not answer, or is no host of a cluster: one line.</exception>
    internal static async Task<ClusterReport> RunAsync(Uri host, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = host, Timeout = Patience };
        try
        {
            using var answer = await client
                .GetAsync(new Uri(ClusterStatusEndpoint.Path, UriKind.Relative), cancellation)
                .ConfigureAwait(false);
            if (answer.StatusCode == HttpStatusCode.NotFound)
            {
                throw new UserErrorException(
                    $"--url {host}: measures without a cluster",
                    "name a host that was started with --listen"
                );
            }

            answer.EnsureSuccessStatusCode();
            return await answer
                    .Content.ReadFromJsonAsync(ClusterJson.Default.ClusterReport, cancellation)
                    .ConfigureAwait(false)
                ?? throw new JsonException("the answer is empty");
        }
        catch (Exception exception)
            when (exception is HttpRequestException or JsonException
                || (exception is OperationCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            throw new UserErrorException(
                $"--url {host}: no host of a cluster answers there ({exception.Message.ReplaceLineEndings(" ")})",
                "name the address of a host's page",
                exception
            );
        }
    }
}
