namespace CurvatureMonitor.Host.Monitoring.Otlp;

/// <summary>Why the last push failed, in words: the exporter itself only says that it did.</summary>
internal sealed class PushOutcome
{
    /// <summary>What went wrong; null where nothing is known to have.</summary>
    internal string? Failure { get; set; }

    /// <summary>Forgets the last push.</summary>
    internal void Reset() => Failure = null;

    /// <summary>Sends requests, and notes how they end.</summary>
    internal HttpMessageHandler Watch() => new Watcher(this);

    private void Note(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            Failure = $"HTTP {(int)response.StatusCode}";
        }
    }

    private sealed class Watcher(PushOutcome outcome) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                var response = base.Send(request, cancellationToken);
                outcome.Note(response);
                return response;
            }
            catch (Exception failure)
            {
                outcome.Failure = Text(failure);
                throw;
            }
        }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            try
            {
                var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
                outcome.Note(response);
                return response;
            }
            catch (Exception failure)
            {
                outcome.Failure = Text(failure);
                throw;
            }
        }

        private static string Text(Exception failure) =>
            failure is OperationCanceledException ? "no answer in time" : failure.Message.ReplaceLineEndings(" ");
    }
}
