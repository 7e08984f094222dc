using System.Text.Json;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>The optimiser at one step as a checkpoint's JSON file has it.</summary>
internal static class OptimizerJson
{
    public static OptimizerState? Read(JsonFields json)
    {
        if (json.OptionalObject("optimizer") is not { } optimizer)
        {
            return null;
        }

        var groups = optimizer.Objects("groups").Select(ReadGroup).ToList();
        return groups.Count > 0
            ? new OptimizerState(optimizer.Text("kind").ToLowerInvariant(), groups)
            : throw optimizer.Wrong("groups", "is empty", "write the optimiser's parameter groups, at least one");
    }

    public static void Write(Utf8JsonWriter json, OptimizerState optimizer)
    {
        json.WriteStartObject("optimizer");
        json.WriteString("kind", optimizer.Kind);
        json.WriteStartArray("groups");
        foreach (ParameterGroup group in optimizer.Groups)
        {
            json.WriteStartObject();
            WriteGroup(json, group);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static ParameterGroup ReadGroup(JsonFields json)
    {
        (double? beta1, double? beta2) = BetasJson.Read(json);
        return new ParameterGroup
        {
            Parameters = json.OptionalTexts("parameters"),
            LearningRate = json.OptionalNumber("learning_rate", least: 0),
            Momentum = json.OptionalNumber("momentum"),
            Nesterov = json.OptionalFlag("nesterov"),
            Dampening = json.OptionalNumber("dampening"),
            Beta1 = beta1,
            Beta2 = beta2,
            Epsilon = json.OptionalNumber("eps", least: 0),
            WeightDecay = json.OptionalNumber("weight_decay"),
            MomentumDecay = json.OptionalNumber("momentum_decay"),
            RateDecay = json.OptionalNumber("lr_decay"),
            Maximize = json.OptionalFlag("maximize"),
        };
    }

    private static void WriteGroup(Utf8JsonWriter json, ParameterGroup group)
    {
        json.WriteOptional("parameters", group.Parameters);
        json.WriteOptional("learning_rate", group.LearningRate);
        json.WriteOptional("momentum", group.Momentum);
        json.WriteOptional("nesterov", group.Nesterov);
        json.WriteOptional("dampening", group.Dampening);
        BetasJson.Write(json, group.Beta1, group.Beta2);
        json.WriteOptional("eps", group.Epsilon);
        json.WriteOptional("weight_decay", group.WeightDecay);
        json.WriteOptional("momentum_decay", group.MomentumDecay);
        json.WriteOptional("lr_decay", group.RateDecay);
        json.WriteOptional("maximize", group.Maximize);
    }
}
