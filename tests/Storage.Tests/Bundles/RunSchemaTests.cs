using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Storage.Tests.Bundles;

/// <summary>
/// The published schema says what the reader does: for every rule of the schema, a manifest that keeps it is read, and
/// one that breaks it is refused. The part of JSON Schema that docs/run.schema.json uses is evaluated here.
/// </summary>
public sealed class RunSchemaTests
{
    private const string Full = """
        {"schema":1,"run":"r","model":{"kind":"torchscript","file":"model.pt"},"loss":"mse","batch_norm":"eval",
         "micro_batch":8,
         "training":{"dataset":"d","samples":10,"batch_size":2,"optimizer":"sgd","learning_rate":0.1,"momentum":0.9,
                     "nesterov":true,"betas":[0.9,0.99],"eps":1e-8,"weight_decay":0},
         "monitoring":{"analyses":["spectrum"],"modules":["fc1"],"every":2,"overhead_budget":0.5,"lanczos_steps":16}}
        """;

    private static readonly JsonObject Schema = JsonNode
        .Parse(File.ReadAllText(Find("docs/run.schema.json")))!
        .AsObject();

    /// <summary>Values of every type and size that a rule may be about.</summary>
    private static readonly string[] Values =
    [
        "null",
        "true",
        "\"\"",
        "\"x\"",
        "\"sgd\"",
        "\"../x\"",
        "\".x\"",
        "\"train\"",
        "\"keep\"",
        "\"mse\"",
        "\"a b\"",
        "0",
        "1",
        "2",
        "-1",
        "0.5",
        "0.999",
        "1.5",
        "1e-9",
        "10000",
        "10001",
        "2147483647",
        "2147483648",
        "[]",
        "[1]",
        "[0.9,0.99]",
        "[0.9,1]",
        "[0.9,0.99,0.999]",
        "[\"spectrum\"]",
        "[\"a\",\"a\"]",
        "[\"a\",\"b\"]",
        "[\"\"]",
        "[\" \"]",
        "[\"layer1.*\",\"*.bias\"]",
        "{}",
        "{\"kind\":\"builtin\",\"name\":\"mlp\"}",
        "{\"kind\":\"builtin\"}",
        "{\"kind\":\"torchscript\"}",
        "{\"kind\":\"other\",\"file\":\"m\"}",
        "{\"kind\":\"builtin\",\"name\":\"mlp\",\"arguments\":{\"a\":[]}}",
    ];

    [Fact]
    public void Schema_and_reader_agree_on_every_key_with_every_kind_of_value()
    {
        int accepted = 0,
            refused = 0;
        foreach (string[] path in Keys())
        {
            foreach (string? value in Values.Append(null))
            {
                var manifest = JsonNode.Parse(Full)!.AsObject();
                var parent = path[..^1].Aggregate(manifest, (node, key) => node[key]!.AsObject());
                parent.Remove(path[^1]);
                if (value is not null)
                {
                    parent[path[^1]] = JsonNode.Parse(value);
                }

                string json = manifest.ToJsonString();
                bool read = IsRead(json);

                // A path that leads out of the bundle is beyond what a schema can say.
                if (value != "\"../x\"" || path[^1] != "file")
                {
                    Assert.True(
                        read == IsValid(Schema, JsonNode.Parse(json)),
                        $"{string.Join('.', path)} = {value ?? "absent"}: {(read ? "read" : "refused")}"
                    );
                }

                accepted += read ? 1 : 0;
                refused += read ? 0 : 1;
            }
        }

        Assert.InRange(accepted, 50, 1000);
        Assert.InRange(refused, 200, 2000);
    }

    [Theory]
    [MemberData(nameof(CasesFolder.Names), MemberType = typeof(CasesFolder))]
    public void The_manifests_of_the_reference_cases_are_valid(string name) =>
        Assert.True(
            IsValid(Schema, JsonNode.Parse(File.ReadAllText(Path.Combine(CasesFolder.Case(name), "run.json"))))
        );

    [Fact]
    public void What_is_written_is_valid_and_read_back()
    {
        var manifest = RunManifest.Parse(System.Text.Encoding.UTF8.GetBytes(Full), "full");
        string path = Path.GetTempFileName();
        try
        {
            manifest.Write(path);
            Assert.True(IsValid(Schema, JsonNode.Parse(File.ReadAllText(path))));
            var again = RunManifest.Read(path);
            Assert.Equal(manifest.Training, again.Training);
            Assert.Equal(
                manifest.Monitoring with { Analyses = null, Modules = null },
                again.Monitoring with { Analyses = null, Modules = null }
            );
            Assert.Equal(manifest.Monitoring.Analyses!, again.Monitoring.Analyses!);
            Assert.Equal(["fc1"], again.Monitoring.Modules!);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static bool IsRead(string json)
    {
        try
        {
            RunManifest.Parse(System.Text.Encoding.UTF8.GetBytes(json), "run.json");
            return true;
        }
        catch (BundleException)
        {
            return false;
        }
    }

    private static IEnumerable<string[]> Keys()
    {
        foreach (var (key, rule) in Schema["properties"]!.AsObject())
        {
            yield return [key];
            foreach (
                string inner in rule!["properties"]?.AsObject().Select(pair => pair.Key)
                    ?? (key == "model" ? ["kind", "file"] : [])
            )
            {
                yield return [key, inner];
            }
        }
    }

    private static bool IsValid(JsonObject rule, JsonNode? value) =>
        rule.All(pair =>
            pair.Key switch
            {
                "$schema" or "title" or "description" => true,
                "type" => pair.Value is JsonArray types
                    ? types.Any(type => IsOf(type!.GetValue<string>(), value))
                    : IsOf(pair.Value!.GetValue<string>(), value),
                "const" => JsonNode.DeepEquals(pair.Value, value),
                "enum" => pair.Value!.AsArray().Any(choice => JsonNode.DeepEquals(choice, value)),
                "required" => value is not JsonObject needed
                    || pair.Value!.AsArray().All(key => needed.ContainsKey(key!.GetValue<string>())),
                "properties" => value is not JsonObject held
                    || pair.Value!.AsObject()
                        .All(property =>
                            !held.TryGetPropertyValue(property.Key, out var inner)
                            || IsValid(property.Value!.AsObject(), inner)
                        ),
                "additionalProperties" => value is not JsonObject open
                    || open.All(property => IsValid(pair.Value!.AsObject(), property.Value)),
                "oneOf" => pair.Value!.AsArray().Count(choice => IsValid(choice!.AsObject(), value)) == 1,
                "items" => value is not JsonArray items || items.All(item => IsValid(pair.Value!.AsObject(), item)),
                "minItems" => value is not JsonArray few || few.Count >= pair.Value!.GetValue<int>(),
                "maxItems" => value is not JsonArray many || many.Count <= pair.Value!.GetValue<int>(),
                "uniqueItems" => value is not JsonArray unique
                    || unique.Select(item => item?.ToJsonString()).Distinct().Count() == unique.Count,
                "minLength" => !IsOf("string", value)
                    || value!.GetValue<string>().Length >= pair.Value!.GetValue<int>(),
                "pattern" => !IsOf("string", value)
                    || Regex.IsMatch(value!.GetValue<string>(), pair.Value!.GetValue<string>()),
                "minimum" => !IsOf("number", value) || Number(value) >= Number(pair.Value),
                "maximum" => !IsOf("number", value) || Number(value) <= Number(pair.Value),
                "exclusiveMinimum" => !IsOf("number", value) || Number(value) > Number(pair.Value),
                "exclusiveMaximum" => !IsOf("number", value) || Number(value) < Number(pair.Value),
                _ => throw new NotSupportedException($"the schema uses '{pair.Key}', which is not evaluated here"),
            }
        );

    private static double Number(JsonNode? value) =>
        double.Parse(value!.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);

    private static bool IsOf(string type, JsonNode? value) =>
        (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
        {

            ("null", JsonValueKind.Null)
            or
            ("object", JsonValueKind.Object)
            or
            ("array", JsonValueKind.Array)
            or
            ("string", JsonValueKind.String)
            or ("number", JsonValueKind.Number) => true,
            ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
            ("integer", JsonValueKind.Number) => double.IsInteger(Number(value)),
            _ => false,
        };

    private static string Find(string path)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, path)))
            {
                return Path.Combine(folder.FullName, path);
            }
        }

        throw new FileNotFoundException(path);
    }
}
