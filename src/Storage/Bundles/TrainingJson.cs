using System.Text.Json;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>What a manifest tells of the training, as JSON.</summary>
internal static class TrainingJson
{
    public static TrainingDescription Read(JsonFields json)
    {
        (double? beta1, double? beta2) = BetasJson.Read(json);
        return new TrainingDescription
        {
            Dataset = json.OptionalText("dataset"),
            Samples = json.OptionalWhole("samples", 1, long.MaxValue),
            BatchSize = json.OptionalWhole("batch_size", 1, long.MaxValue),
            Optimizer = json.OptionalText("optimizer")?.ToLowerInvariant(),
            LearningRate = json.OptionalNumber("learning_rate", least: 0),
            Momentum = json.OptionalNumber("momentum", least: 0, most: 1, belowMost: true),
            Nesterov = json.OptionalFlag("nesterov"),
            Beta1 = beta1,
            Beta2 = beta2,
            Epsilon = json.OptionalNumber("eps", least: 0),
            WeightDecay = json.OptionalNumber("weight_decay", least: 0),
        };
    }

    public static void Write(Utf8JsonWriter json, TrainingDescription training)
    {
        json.WriteOptional("dataset", training.Dataset);
        json.WriteOptional("samples", training.Samples);
        json.WriteOptional("batch_size", training.BatchSize);
        json.WriteOptional("optimizer", training.Optimizer);
        json.WriteOptional("learning_rate", training.LearningRate);
        json.WriteOptional("momentum", training.Momentum);
        json.WriteOptional("nesterov", training.Nesterov);
        BetasJson.Write(json, training.Beta1, training.Beta2);
        json.WriteOptional("eps", training.Epsilon);
        json.WriteOptional("weight_decay", training.WeightDecay);
    }
}
