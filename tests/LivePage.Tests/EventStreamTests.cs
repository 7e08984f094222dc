using System.Globalization;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.LivePage.History;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.LivePage.Tests;

public sealed class EventStreamTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Events_arrive_in_order_with_their_identifiers_names_and_data()
    {
        await using var served = await ServedHistory.StartAsync();
        served.History.Start(new RunDescription("before anybody listened"));
        using var response = await OpenAsync(served);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore);
        await served.WaitForListenersAsync(1);

        served.History.Start(new RunDescription("a") { Started = Noon });
        served.History.Add(
            new TrainingPoint
            {
                Run = "a",
                Step = 3,
                Time = Noon,
                Loss = double.NaN,
                LearningRate = 0.5,
            }
        );
        served.History.Add(
            new RunEvent
            {
                Run = "a",
                Time = Noon,
                Kind = RunEventKind.Failed,
                Text = "two\nlines, a \"quote\" and λ",
            }
        );
        served.History.Add(
            new MeasurementPoint
            {
                Run = "a",
                Step = 3,
                Time = Noon,
                Analysis = "spectrum",
                Operator = "hessian",
                LambdaMax = 2.5,
            }
        );
        served.History.ChangeState("a", RunState.Finished);

        var events = await ReadAsync(response, 6);
        Assert.Equal(["2", "3", "4", "5", "6", "7"], events.Select(item => item.EventId));
        Assert.Equal(["run", "training", "event", "measurement", "run", "run"], events.Select(item => item.EventType));
        AssertData("""{"run":"a","state":"running","start_time":"2026-01-02T12:00:00+00:00"}""", events[0]);
        AssertData("""{"run":"a","step":3,"time":"2026-01-02T12:00:00+00:00","learning_rate":0.5}""", events[1]);
        AssertData(
            """{"run":"a","time":"2026-01-02T12:00:00+00:00","kind":"failed","text":"two\nlines, a \"quote\" and λ"}""",
            events[2]
        );
        AssertData(
            """
            {"run":"a","step":3,"time":"2026-01-02T12:00:00+00:00","analysis":"spectrum","operator":"hessian",
             "lambda_max":2.5}
            """,
            events[3]
        );
        AssertData(
            """
            {"run":"a","state":"finished","start_time":"2026-01-02T12:00:00+00:00","step":3,"learning_rate":0.5,
             "lambda_max":2.5}
            """,
            events[5]
        );
    }

    [Fact]
    public async Task Every_client_gets_every_event()
    {
        await using var served = await ServedHistory.StartAsync();
        using var first = await OpenAsync(served);
        using var second = await OpenAsync(served);
        await served.WaitForListenersAsync(2);
        for (int i = 0; i < 50; i++)
        {
            served.History.Add(Event("a", i.ToString(CultureInfo.InvariantCulture)));
        }

        foreach (var response in new[] { first, second })
        {
            var texts = (await ReadAsync(response, 50)).Select(item => (string?)JsonNode.Parse(item.Data)!["text"]);
            Assert.Equal(Enumerable.Range(0, 50).Select(i => i.ToString(CultureInfo.InvariantCulture)), texts);
        }
    }

    [Fact]
    public async Task A_stream_on_which_nothing_happens_carries_heartbeat_comments_and_events_still_come_through()
    {
        await using var served = await ServedHistory.StartAsync(heartbeat: TimeSpan.FromMilliseconds(30));
        using var response = await OpenAsync(served);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        int heartbeats = 0;
        while (heartbeats < 2)
        {
            heartbeats += await LineAsync(reader) == ": heartbeat" ? 1 : 0;
        }

        served.History.Add(Event("a", "still here"));
        string? line;
        do
        {
            line = await LineAsync(reader);
        } while (line is "" or ": heartbeat");
        Assert.Equal("id: 1", line);
    }

    [Fact]
    public async Task A_client_that_leaves_is_forgotten()
    {
        await using var served = await ServedHistory.StartAsync();
        var response = await OpenAsync(served);
        await served.WaitForListenersAsync(1);
        response.Dispose();
        await served.WaitForListenersAsync(0);
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_dropped_while_the_recorder_goes_on_and_others_get_every_event()
    {
        var history = new RunHistory(new RunHistoryOptions { ClientQueue = 4 });
        await using var served = await ServedHistory.StartAsync(history);
        using var slow = await DeafClientAsync(served.Address);
        await served.WaitForListenersAsync(1);
        using var response = await OpenAsync(served);
        await served.WaitForListenersAsync(2);
        var fast = SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();

        // More than the sockets' buffers of both sides hold; the fast client reads each before the next is recorded.
        string text = new('x', 256 * 1024);
        int sent = 0;
        while (history.Listeners == 2)
        {
            Assert.True(sent < 400, "the slow client was never dropped");
            history.Add(Event("a", text));
            sent++;
            Assert.True(await fast.MoveNextAsync().AsTask().WaitAsync(Until.Patience));
            Assert.Equal(sent.ToString(CultureInfo.InvariantCulture), fast.Current.EventId);
        }

        await fast.DisposeAsync();
        Assert.True(await ReadToEndAsync(slow) < (long)sent * text.Length, "the dropped client was sent everything");
    }

    [Fact]
    public async Task Stopping_ends_the_streams_at_once_and_in_order()
    {
        // Were the streams not ended by themselves, the stop would wait for them for an hour.
        await using var served = await ServedHistory.StartAsync(stopTimeout: TimeSpan.FromHours(1));
        using var first = await OpenAsync(served);
        using var second = await OpenAsync(served);
        await served.WaitForListenersAsync(2);
        served.History.Add(Event("a", "last"));
        using var firstReader = new StreamReader(await first.Content.ReadAsStreamAsync());
        using var secondReader = new StreamReader(await second.Content.ReadAsStreamAsync());
        await SkipToDataAsync(firstReader);
        await SkipToDataAsync(secondReader);

        await served.StopAsync().WaitAsync(Until.Patience);
        // A stream that was cut off rather than ended would throw here.
        Assert.Equal("", (await firstReader.ReadToEndAsync().WaitAsync(Until.Patience)).Trim());
        Assert.Equal("", (await secondReader.ReadToEndAsync().WaitAsync(Until.Patience)).Trim());
        Assert.Equal(0, served.History.Listeners);
    }

    [Fact]
    public async Task A_client_that_does_not_read_cannot_hold_up_the_stop()
    {
        var history = new RunHistory(new RunHistoryOptions { ClientQueue = 10_000 });
        await using var served = await ServedHistory.StartAsync(history);
        using var slow = await DeafClientAsync(served.Address);
        await served.WaitForListenersAsync(1);
        string text = new('x', 256 * 1024);
        for (int i = 0; i < 100; i++)
        {
            history.Add(Event("a", text));
        }

        await served.StopAsync().WaitAsync(Until.Patience);
        Assert.Equal(0, history.Listeners);
    }

    private static Task<HttpResponseMessage> OpenAsync(ServedHistory served) =>
        served.Client.GetAsync("/api/events", HttpCompletionOption.ResponseHeadersRead);

    private static RunEvent Event(string run, string text) =>
        new()
        {
            Run = run,
            Time = Noon,
            Kind = RunEventKind.Failed,
            Text = text,
        };

    private static async Task<List<SseItem<string>>> ReadAsync(HttpResponseMessage response, int count)
    {
        using var deadline = new CancellationTokenSource(Until.Patience);
        var items = new List<SseItem<string>>();
        await foreach (
            var item in SseParser
                .Create(await response.Content.ReadAsStreamAsync(deadline.Token))
                .EnumerateAsync(deadline.Token)
        )
        {
            items.Add(item);
            if (items.Count == count)
            {
                break;
            }
        }

        return items;
    }

    private static Task<string?> LineAsync(StreamReader reader) => reader.ReadLineAsync().WaitAsync(Until.Patience);

    private static async Task SkipToDataAsync(StreamReader reader)
    {
        string? line;
        do
        {
            line = await LineAsync(reader);
            Assert.NotNull(line);
        } while (!line.StartsWith("data: ", StringComparison.Ordinal));
    }

    private static void AssertData(string expected, SseItem<string> item) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(item.Data)), item.Data);

    /// <summary>A client that asks for events and then reads nothing.</summary>
    private static async Task<Socket> DeafClientAsync(Uri address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(address.Host, address.Port);
        await socket.SendAsync(
            Encoding.ASCII.GetBytes($"GET /api/events HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n")
        );
        return socket;
    }

    /// <summary>Reads until the server closes or resets the connection.</summary>
    private static async Task<long> ReadToEndAsync(Socket socket)
    {
        using var deadline = new CancellationTokenSource(Until.Patience);
        byte[] buffer = new byte[64 * 1024];
        long total = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer, deadline.Token) is > 0 and int count)
            {
                total += count;
            }
        }
        catch (SocketException)
        {
            // A reset: what was still under way is lost, as it should be.
        }

        return total;
    }
}
