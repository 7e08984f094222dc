using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Storage.Tests.Bundles;

/// <summary>The text of a manifest.</summary>
internal static class ManifestText
{
    public const string Good = """
        {"schema":1,"run":"lenet-a.1","model":{"kind":"torchscript","file":"model.pt"},"loss":"cross_entropy",
         "batch_norm":"eval","micro_batch":128,
         "training":{"dataset":"mnist","samples":60000,"batch_size":128,
                     "optimizer":"SGD","learning_rate":0.1,"momentum":0.9,"nesterov":true,
                     "betas":[0.9,0.999],"eps":1e-8,"weight_decay":0.0005,"dampening":0,"later":{"x":1}},"later":[1,2]}
        """;

    public static RunManifest Parse(string json) => RunManifest.Parse(Encoding.UTF8.GetBytes(json), "run.json");

    // An empty value removes the key; numbers go in as written, 1e999 among them.
    public static string Replace(string key, string value)
    {
        const string marker = "\"@@\"";
        JsonObject root = JsonNode.Parse(Good)!.AsObject();
        string[] path = key.Split('.');
        JsonObject parent = path.Length == 2 ? root[path[0]]!.AsObject() : root;
        if (value.Length == 0)
        {
            parent.Remove(path[^1]);
        }
        else
        {
            parent[path[^1]] = "@@";
        }

        return root.ToJsonString(JsonSerializerOptions.Default).Replace(marker, value, StringComparison.Ordinal);
    }
}
