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
        json.WriteOptional("ignore_index", loss.IgnoreIndex);
        json.WriteOptional("label_smoothing", Unusual(loss.LabelSmoothing, plain.LabelSmoothing));
        json.WriteOptional("weight", loss.Weight);
        json.WriteOptional("weight", loss.WeightTensor);
        json.WriteOptional("pos_weight", loss.PositiveWeightTensor);
        json.WriteOptional(ThresholdKey(loss.Kind), Unusual(loss.Threshold, plain.Threshold));
        json.WriteOptional("log_input", Unusual(loss.LogInput, true));
        json.WriteOptional("full", Unusual(loss.Full, false));
        json.WriteOptional("eps", Unusual(loss.Epsilon, plain.Epsilon));
        json.WriteOptional("file", loss.File);
        json.WriteOptional("couples", Unusual(loss.Couples, false));
        json.WriteEndObject();
    }

    // What is as usual is left out.
    private static T? Unusual<T>(T value, T usual)
        where T : struct => value.Equals(usual) ? null : value;

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

    private static string ThresholdKey(Loss kind) => kind == Loss.Huber ? "delta" : "beta";

    private static double Threshold(JsonFields fields, Loss kind)
    {
        double threshold = fields.OptionalNumber(ThresholdKey(kind), least: 0) ?? 1;
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
