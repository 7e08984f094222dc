using System.Text.Json;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>What a manifest tells of the training, as JSON.</summary>
internal static class TrainingJson
{
    public static TrainingDescription Read(JsonFields json)
    {
        double[]? betas = json.OptionalNumbers("betas");
        if (betas is not null && (betas.Length != 2 || betas.Any(beta => beta is < 0 or >= 1)))
        {
            throw json.Wrong("betas", "is not a pair of numbers from 0 to below 1", "write [beta1, beta2]");
        }

        return new TrainingDescription
        {
            Dataset = json.OptionalText("dataset"),
            Samples = json.OptionalWhole("samples", 1, long.MaxValue),
            BatchSize = json.OptionalWhole("batch_size", 1, long.MaxValue),
            Optimizer = json.OptionalText("optimizer")?.ToLowerInvariant(),
            LearningRate = json.OptionalNumber("learning_rate", least: 0),
            Momentum = json.OptionalNumber("momentum", least: 0, most: 1, belowMost: true),
            Nesterov = json.OptionalFlag("nesterov"),
            Beta1 = betas?[0],
            Beta2 = betas?[1],
            Epsilon = json.OptionalNumber("eps", least: 0),
            WeightDecay = json.OptionalNumber("weight_decay", least: 0),
        };
    }

    public static void Write(Utf8JsonWriter json, TrainingDescription training)
    {
        Text("dataset", training.Dataset);
        Number("samples", training.Samples);
        Number("batch_size", training.BatchSize);
        Text("optimizer", training.Optimizer);
        Number("learning_rate", training.LearningRate);
        Number("momentum", training.Momentum);
        if (training.Nesterov is { } nesterov)
        {
            json.WriteBoolean("nesterov", nesterov);
        }

        if (training is { Beta1: { } beta1, Beta2: { } beta2 })
        {
            json.WriteStartArray("betas");
            json.WriteNumberValue(beta1);
            json.WriteNumberValue(beta2);
            json.WriteEndArray();
        }

        Number("eps", training.Epsilon);
        Number("weight_decay", training.WeightDecay);

        void Text(string key, string? value)
        {
            if (value is not null)
            {
                json.WriteString(key, value);
            }
        }

        // Counts below 2^53 survive the way through a double, and no training has more samples.
        void Number(string key, double? value)
        {
            if (value is { } number && double.IsFinite(number))
            {
                json.WriteNumber(key, number);
            }
        }
    }
}
