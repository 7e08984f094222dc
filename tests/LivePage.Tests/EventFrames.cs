using System.Globalization;
using CurvatureMonitor.LivePage.Streaming;

namespace CurvatureMonitor.LivePage.Tests;

/// <summary>Frames of the event stream, taken apart.</summary>
internal static class EventFrames
{
    internal static List<string> Frames(EventSubscription subscription)
    {
        var frames = new List<string>();
        while (subscription.Frames.TryRead(out var frame))
        {
            frames.Add(System.Text.Encoding.UTF8.GetString(frame.Span));
        }

        return frames;
    }

    internal static long Id(string frame) =>
        long.Parse(frame.Split('\n')[0]["id: ".Length..], CultureInfo.InvariantCulture);

    internal static long Step(string frame) => Data(frame).GetProperty("step").GetInt64();

    internal static string Run(string frame) => Data(frame).GetProperty("run").GetString()!;

    internal static System.Text.Json.JsonElement Data(string frame) =>
        System.Text.Json.JsonElement.Parse(frame.Split('\n')[2]["data: ".Length..]);
}
