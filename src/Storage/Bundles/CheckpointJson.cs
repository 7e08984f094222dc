using System.Globalization;
using System.Text.Json;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>The JSON file that commits a checkpoint.</summary>
internal static class CheckpointJson
{
    public static CheckpointInfo Read(string path, string run, long step) =>
        Read(JsonFields.ReadFile(path), run, step, File.GetLastWriteTimeUtc(path));

    public static CheckpointInfo Read(JsonFields json, string run, long step, DateTimeOffset written)
    {
        long stated = json.Whole("step", 0, long.MaxValue);
        if (stated != step)
        {
            throw json.Wrong("step", $"is {stated} in the file of step {step}", "write it under its own step");
        }

        return new CheckpointInfo(run, step, ReadTime(json) ?? written)
        {
            Loss = json.OptionalAnyNumber("loss"),
            LearningRate = json.OptionalNumber("learning_rate", least: 0),
            BatchSize = json.OptionalWhole("batch_size", 1, long.MaxValue),
            Optimizer = OptimizerJson.Read(json),
            Session = json.OptionalText("session"),
            Difference = json.OptionalNumber("difference", least: 0),
            OptimizerStep = json.OptionalWhole("optimizer_step", 0, long.MaxValue),
        };
    }

    public static void Write(CheckpointInfo info, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteNumber("step", info.Step);
        json.WriteString("time", info.Time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));
        if (info.Loss is { } loss)
        {
            if (double.IsFinite(loss))
            {
                json.WriteNumber("loss", loss);
            }
            else
            {
                json.WriteString("loss", loss.ToString(CultureInfo.InvariantCulture));
            }
        }

        json.WriteOptional("learning_rate", info.LearningRate);
        json.WriteOptional("batch_size", info.BatchSize);
        json.WriteOptional("optimizer_step", info.OptimizerStep);
        json.WriteOptional("session", info.Session);
        json.WriteOptional("difference", info.Difference);
        if (info.Optimizer is { } optimizer)
        {
            OptimizerJson.Write(json, optimizer);
        }

        json.WriteEndObject();
    }

    private static DateTimeOffset? ReadTime(JsonFields json)
    {
        if (json.OptionalText("time") is not { } text)
        {
            return null;
        }

        return DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out DateTimeOffset time
        )
            ? time
            : throw json.Wrong(
                "time",
                $"is '{BundleException.Quote(text)}'",
                "write a time such as 2026-01-31T12:00:00Z"
            );
    }
}
