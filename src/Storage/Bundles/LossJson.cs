using System.Text.Json;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>A loss in <c>run.json</c>: a name, or an object of its kind and options.</summary>
internal static class LossJson
{
    /// <summary>Reads a loss.</summary>
    /// <exception cref="BundleException">It is none, or an option is not its kind's.</exception>
    public static LossDescription Read(JsonFields json, string key)
    {
        if (!json.IsObject(key))
        {
            string name = json.Text(key);
            return name switch
            {
                "cross_entropy" => Loss.CrossEntropy,
                "mse" => Loss.MeanSquaredError,
                _ => throw json.Wrong(
                    key,
                    $"is '{BundleException.Quote(name)}'",
                    "write cross_entropy or mse, or an object with a kind (docs/bundles.md)"
                ),
            };
        }

        JsonFields fields = json.Object(key);
        string kind = fields.Text("kind");
        var loss = new LossDescription(
            LossNames.Find(kind)
                ?? throw fields.Wrong(
                    "kind",
                    $"is '{BundleException.Quote(kind)}'",
                    $"write {string.Join(" or ", LossNames.All)}"
                )
        );
        if (fields.OptionalText("reduction") is { } reduction && reduction != "mean")
        {
            throw fields.Wrong("reduction", $"is '{BundleException.Quote(reduction)}'", "write mean");
        }

        RequireKnown(fields, loss.Kind);
        double[]? weights = fields.IsArray("weight") ? fields.OptionalNumbers("weight") : null;
        return loss with
        {
            TakesAnyShape = true,
            IgnoreIndex = fields.OptionalWhole("ignore_index", long.MinValue, long.MaxValue),
            LabelSmoothing = fields.OptionalNumber("label_smoothing", least: 0, most: 1) ?? 0,
            Weight = weights is null || weights.All(weight => weight >= 0)
                ? weights
                : throw fields.Wrong("weight", "holds a negative number", "write weights from 0"),
            WeightTensor = weights is null ? fields.OptionalText("weight") : null,
            PositiveWeightTensor = fields.OptionalText("pos_weight"),
            Threshold = Threshold(fields, loss.Kind),
            LogInput = fields.OptionalFlag("log_input") ?? true,
            Full = fields.OptionalFlag("full") ?? false,
            Epsilon = fields.OptionalNumber("eps", least: 0) ?? 1e-8,
            File = loss.Kind == Loss.Script ? File(fields) : null,
            Couples = fields.OptionalFlag("couples") ?? false,
        };
    }

    /// <summary>Writes a loss.</summary>
    public static void Write(Utf8JsonWriter json, string key, LossDescription loss)
    {
        if (loss.IsPlain)
        {
            json.WriteString(key, loss.Kind.Label());
            return;
        }

        var plain = new LossDescription(loss.Kind);
        json.WriteStartObject(key);
        json.WriteString("kind", loss.Kind.Label());
        if (loss.IgnoreIndex is { } ignored)
        {
            json.WriteNumber("ignore_index", ignored);
        }

        Number("label_smoothing", loss.LabelSmoothing, plain.LabelSmoothing);
        if (loss.Weight is { } weights)
        {
            json.WriteStartArray("weight");
            foreach (double weight in weights)
            {
                json.WriteNumberValue(weight);
            }

            json.WriteEndArray();
        }

        Text("weight", loss.WeightTensor);
        Text("pos_weight", loss.PositiveWeightTensor);
        Number(loss.Kind == Loss.Huber ? "delta" : "beta", loss.Threshold, plain.Threshold);
        Flag("log_input", loss.LogInput, true);
        Flag("full", loss.Full, false);
        Number("eps", loss.Epsilon, plain.Epsilon);
        Text("file", loss.File);
        Flag("couples", loss.Couples, false);
        json.WriteEndObject();

        void Number(string name, double value, double usual)
        {
            if (value != usual)
            {
                json.WriteNumber(name, value);
            }
        }

        void Text(string name, string? value)
        {
            if (value is not null)
            {
                json.WriteString(name, value);
            }
        }

        void Flag(string name, bool value, bool usual)
        {
            if (value != usual)
            {
                json.WriteBoolean(name, value);
            }
        }
    }

    // An option that a kind does not have would be another loss than the one that was trained.
    private static void RequireKnown(JsonFields fields, Loss kind)
    {
        string[] options = kind switch
        {
            Loss.CrossEntropy => ["ignore_index", "label_smoothing", "weight"],
            Loss.NegativeLogLikelihood => ["ignore_index", "weight"],
            Loss.BinaryCrossEntropy => ["weight", "pos_weight"],
            Loss.SmoothAbsoluteError => ["weight", "beta"],
            Loss.Huber => ["weight", "delta"],
            Loss.Poisson => ["log_input", "full", "eps"],
            Loss.Script => ["file", "couples"],
            _ => ["weight"],
        };
        string? other = fields.Names.FirstOrDefault(name =>
            name is not ("kind" or "reduction") && !options.Contains(name) && fields.Has(name)
        );
        if (other is not null)
        {
            throw fields.Wrong(
                other,
                $"is no option of {kind.Label()}",
                $"leave it out (its options are {string.Join(", ", options)})"
            );
        }
    }

    private static double Threshold(JsonFields fields, Loss kind)
    {
        double threshold = fields.OptionalNumber(kind == Loss.Huber ? "delta" : "beta", least: 0) ?? 1;
        return kind == Loss.Huber && threshold == 0
            ? throw fields.Wrong("delta", "is 0", "write a number above 0")
            : threshold;
    }

    private static string File(JsonFields fields)
    {
        string file = fields.Text("file");
        return TorchScriptModelReference.IsInside(file)
            ? file
            : throw fields.Wrong(
                "file",
                $"is '{BundleException.Quote(file)}'",
                "give a file inside the bundle, such as loss.pt"
            );
    }
}
