using System.Text.Json;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>Manifests as JSON.</summary>
internal static class RunManifestJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true };

    public static RunManifest Read(JsonFields json)
    {
        long schema = json.Whole("schema", 0, long.MaxValue);
        if (schema != RunManifest.Schema)
        {
            throw json.Wrong(
                "schema",
                $"is {schema} where this program knows {RunManifest.Schema}",
                "update CurvatureMonitor, or write the bundle in that format"
            );
        }

        string run = json.Text("run");
        if (!RunName.IsValid(run))
        {
            throw json.Wrong("run", $"is '{BundleException.Quote(run)}'", RunName.Rule);
        }

        return new RunManifest(
            run,
            ReadModel(json.Object("model")),
            LossJson.Read(json, "loss"),
            OneOf(
                json,
                "batch_norm",
                ("train", BatchNormMode.Train),
                ("eval", BatchNormMode.Eval),
                ("recompute", BatchNormMode.Recompute)
            ),
            (int)json.Whole("micro_batch", 1, int.MaxValue)
        )
        {
            Id = json.OptionalText("id"),
            Parameters = ReadNames(json, "parameters", "each trained parameter"),
            Inputs = ReadNames(json, "inputs", "each input of the model", shortest: 1),
            Autocast = json.OptionalText("autocast") is null
                ? null
                : OneOf(json, "autocast", ("off", AutocastMode.Off), ("keep", AutocastMode.Keep)),
            Training = json.OptionalObject("training") is { } training
                ? TrainingJson.Read(training)
                : new TrainingDescription(),
            Monitoring = json.OptionalObject("monitoring") is { } monitoring
                ? MonitoringJson.Read(monitoring)
                : new MonitoringDescription(),
        };
    }

    /// <summary>
    /// A manifest without what may be another when its training is taken up again, its keys in one order. Autocast that
    /// is done without is as good as not told.
    /// </summary>
    public static byte[] Identity(string path)
    {
        JsonFields json = JsonFields.ReadFile(path);
        var kept = json
            .Names.Where(name => name is not ("training" or "id" or "autocast"))
            .Concat(json.OptionalText("autocast") == "keep" ? ["autocast"] : [])
            .Order(StringComparer.Ordinal)
            .Select(name => $"{name}={json.Raw(name)}");
        return System.Text.Encoding.UTF8.GetBytes(string.Join('\n', kept));
    }

    public static void Write(RunManifest manifest, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, Options);
        json.WriteStartObject();
        json.WriteNumber("schema", RunManifest.Schema);
        json.WriteString("run", manifest.Run);
        json.WriteOptional("id", manifest.Id);
        json.WriteStartObject("model");
        WriteModel(json, manifest.Model);
        json.WriteEndObject();
        LossJson.Write(json, "loss", manifest.Loss);
        json.WriteOptional("parameters", manifest.Parameters);
        json.WriteOptional("inputs", manifest.Inputs);
        json.WriteString(
            "batch_norm",
            manifest.BatchNorm switch
            {
                BatchNormMode.Train => "train",
                BatchNormMode.Eval => "eval",
                _ => "recompute",
            }
        );
        json.WriteNumber("micro_batch", manifest.MicroBatch);
        json.WriteOptional(
            "autocast",
            manifest.Autocast switch
            {
                null => null,
                AutocastMode.Keep => "keep",
                _ => "off",
            }
        );
        json.WriteStartObject("training");
        TrainingJson.Write(json, manifest.Training);
        json.WriteEndObject();
        if (manifest.Monitoring != new MonitoringDescription())
        {
            json.WriteStartObject("monitoring");
            MonitoringJson.Write(json, manifest.Monitoring);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static ModelReference ReadModel(JsonFields json)
    {
        string kind = json.Text("kind");
        switch (kind)
        {
            case "torchscript":
                string file = json.Text("file");
                if (!TorchScriptModelReference.IsInside(file))
                {
                    throw json.Wrong(
                        "file",
                        $"is '{BundleException.Quote(file)}'",
                        "give a file inside the bundle, such as model.pt"
                    );
                }

                return new TorchScriptModelReference(file);
            case "builtin":
                JsonFields? arguments = json.OptionalObject("arguments");
                return new BuiltInModelReference(
                    json.Text("name"),
                    arguments?.Names.ToDictionary(name => name, arguments.ScalarText, StringComparer.Ordinal) ?? []
                );
            default:
                throw json.Wrong("kind", $"is '{BundleException.Quote(kind)}'", "write torchscript or builtin");
        }
    }

    private static string[]? ReadNames(JsonFields json, string key, string what, int shortest = 0)
    {
        string[]? names = json.OptionalTexts(key);
        return
            names is null
            || (
                names.Length > 0
                && names.Distinct(StringComparer.Ordinal).Count() == names.Length
                && names.All(name => name.Length >= shortest)
            )
            ? names
            : throw json.Wrong(key, "is empty, or holds an empty name or one twice", $"name {what} once");
    }

    private static T OneOf<T>(JsonFields json, string key, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        string given = json.Text(key);
        var names = new List<string>();
        foreach ((string name, T value) in choices)
        {
            if (name == given)
            {
                return value;
            }

            names.Add(name);
        }

        throw json.Wrong(key, $"is '{BundleException.Quote(given)}'", $"write {string.Join(" or ", names)}");
    }

    private static void WriteModel(Utf8JsonWriter json, ModelReference model)
    {
        if (model is BuiltInModelReference builtIn)
        {
            json.WriteString("kind", "builtin");
            json.WriteString("name", builtIn.Name);
            json.WriteStartObject("arguments");
            foreach ((string name, string value) in builtIn.Arguments)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }
        else
        {
            json.WriteString("kind", "torchscript");
            json.WriteString("file", ((TorchScriptModelReference)model).File);
        }
    }
}
