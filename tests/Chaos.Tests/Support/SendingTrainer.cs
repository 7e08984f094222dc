using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace CurvatureMonitor.Chaos.Tests.Support;

/// <summary>A training that sends its checkpoints over HTTP, and again when the host was away.</summary>
internal sealed class SendingTrainer(SmallModel model, TimeSpan interval, HttpClient client) : Trainer(model, interval)
{
    private bool _registered;

    /// <summary>Answers other than success: the host never refuses, whatever becomes of workers.</summary>
    internal int Refused { get; private set; }

    protected override async Task EmitAsync(long step)
    {
        Model.WriteStep(step);
        byte[] tensors = await File.ReadAllBytesAsync(Model.Bundle.TensorsPath(step));
        await SendAsync(async () =>
        {
            if (!_registered)
            {
                using var form = new MultipartFormDataContent();
                foreach (string file in Model.Bundle.Files)
                {
                    form.Add(
                        new ByteArrayContent(await File.ReadAllBytesAsync(file)),
                        Path.GetFileName(file),
                        Path.GetFileName(file)
                    );
                }

                using var registered = await client.PutAsync($"/api/runs/{Run}", form);
                if (!registered.IsSuccessStatusCode)
                {
                    return registered.StatusCode;
                }

                _registered = true;
            }

            using var request = new HttpRequestMessage(
                HttpMethod.Put,
                $"/api/runs/{Run}/checkpoints/{step.ToString(CultureInfo.InvariantCulture)}"
            )
            {
                Content = new ByteArrayContent(tensors),
            };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            request.Headers.TryAddWithoutValidation(
                "X-Checkpoint",
                $"{{\"step\":{step},\"loss\":0.5,\"learning_rate\":0.1}}"
            );
            using var response = await client.SendAsync(request);
            return response.StatusCode;
        });
    }

    protected override Task TellEndAsync() =>
        SendAsync(async () =>
        {
            using var response = await client.PostAsync($"/api/runs/{Run}/finish", null);
            return response.StatusCode;
        });

    private async Task SendAsync(Func<Task<HttpStatusCode>> send)
    {
        while (true)
        {
            try
            {
                var answer = await send();
                if ((int)answer is >= 200 and < 300)
                {
                    return;
                }

                // Just started: its runs are not there yet.
                if (answer is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.NotFound))
                {
                    Refused++;
                }

                _registered = false;
            }
            catch (HttpRequestException)
            {
                // The host is away.
            }

            await Task.Delay(100);
        }
    }
}
