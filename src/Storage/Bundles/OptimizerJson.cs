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
        double[]? betas = json.OptionalNumbers("betas");
        if (betas is not null && (betas.Length != 2 || betas.Any(beta => beta is < 0 or >= 1)))
        {
            throw json.Wrong("betas", "is not a pair of numbers from 0 to below 1", "write [beta1, beta2]");
        }

        return new ParameterGroup
        {
            Parameters = json.OptionalTexts("parameters"),
            LearningRate = json.OptionalNumber("learning_rate", least: 0),
            Momentum = json.OptionalNumber("momentum"),
            Nesterov = json.OptionalFlag("nesterov"),
            Dampening = json.OptionalNumber("dampening"),
            Beta1 = betas?[0],
            Beta2 = betas?[1],
            Epsilon = json.OptionalNumber("eps", least: 0),
            WeightDecay = json.OptionalNumber("weight_decay"),
            MomentumDecay = json.OptionalNumber("momentum_decay"),
            RateDecay = json.OptionalNumber("lr_decay"),
            Maximize = json.OptionalFlag("maximize"),
        };
    }

    private static void WriteGroup(Utf8JsonWriter json, ParameterGroup group)
    {
        if (group.Parameters is { } parameters)
        {
            json.WriteStartArray("parameters");
            foreach (string name in parameters)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }

        Number("learning_rate", group.LearningRate);
        Number("momentum", group.Momentum);
        Flag("nesterov", group.Nesterov);
        Number("dampening", group.Dampening);
        if (group is { Beta1: { } beta1, Beta2: { } beta2 })
        {
            json.WriteStartArray("betas");
            json.WriteNumberValue(beta1);
            json.WriteNumberValue(beta2);
            json.WriteEndArray();
        }

        Number("eps", group.Epsilon);
        Number("weight_decay", group.WeightDecay);
        Number("momentum_decay", group.MomentumDecay);
        Number("lr_decay", group.RateDecay);
        Flag("maximize", group.Maximize);

        void Number(string key, double? value)
        {
            if (value is { } number && double.IsFinite(number))
            {
                json.WriteNumber(key, number);
            }
        }

        void Flag(string key, bool? value)
        {
            if (value is { } flag)
            {
                json.WriteBoolean(key, flag);
            }
        }
    }
}
