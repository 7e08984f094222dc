using System.Buffers.Binary;
using System.Net;
using System.Text;
using FsCheck.Fluent;

namespace CurvatureMonitor.Intake.Tests;

/// <summary>Bundles and checkpoints, each with one mistake, and the problem that answers it.</summary>
internal static class MalformedUploads
{
    internal static IEnumerable<(
        string Mistake,
        Dictionary<string, byte[]?> Parts,
        HttpStatusCode Status,
        string Fragment
    )> Bundles(TinyTrainer trainer)
    {
        const HttpStatusCode bad = HttpStatusCode.BadRequest,
            unusable = HttpStatusCode.UnprocessableEntity,
            large = HttpStatusCode.RequestEntityTooLarge;
        string manifest = Encoding.UTF8.GetString(trainer.Part("run.json"));
        byte[] model = trainer.Part("model.pt"),
            probe = trainer.Part("probe.safetensors");
        (string, Dictionary<string, byte[]?>, HttpStatusCode, string) Of(
            string mistake,
            string part,
            byte[]? content,
            HttpStatusCode status,
            string fragment
        ) => (mistake, new() { [part] = content }, status, fragment);
        (string, Dictionary<string, byte[]?>, HttpStatusCode, string) Json(
            string from,
            string to,
            string fragment,
            HttpStatusCode status = unusable
        ) =>
            Of(
                $"{from} → {to}",
                "run.json",
                Encoding.UTF8.GetBytes(
                    manifest.Contains(from, StringComparison.Ordinal)
                        ? manifest.Replace(from, to, StringComparison.Ordinal)
                        : throw new InvalidOperationException(from)
                ),
                status,
                fragment
            );

        yield return Of("no manifest", "run.json", null, bad, "'run.json' is missing");
        yield return Of("no probe set", "probe.safetensors", null, bad, "'probe.safetensors' is missing");
        yield return Of("no model", "model.pt", null, unusable, "model.pt: is missing");
        yield return Of("manifest too large", "run.json", new byte[(1 << 20) + 1], large, "'run.json'");
        yield return Of("model too large", "model.pt", new byte[100_001], large, "'model.pt'");
        yield return Of("probe set too large", "probe.safetensors", new byte[100_001], large, "'probe.safetensors'");
        yield return Of("empty manifest", "run.json", [], unusable, "not valid JSON");
        yield return Of("manifest no JSON", "run.json", "run: mlp"u8.ToArray(), unusable, "not valid JSON");
        yield return Of("manifest an array", "run.json", "[]"u8.ToArray(), unusable, "not a JSON object");
        yield return Of(
            "manifest cut",
            "run.json",
            Encoding.UTF8.GetBytes(manifest[..^20]),
            unusable,
            "not valid JSON"
        );
        yield return Json("\"schema\": 1", "\"schema\": 2", "'schema'");
        yield return Json("\"schema\": 1", "\"schema\": \"1\"", "'schema'");
        yield return Json("\"run\": \"mlp\"", "\"run\": \"other\"", "its own address", bad);
        yield return Json("\"run\": \"mlp\"", "\"run\": \"../mlp\"", "'run'");
        yield return Json("\"cross_entropy\"", "\"hinge\"", "'loss'");
        yield return Json("\"cross_entropy\"", "\"mse\"", "targets");
        yield return Json("\"eval\"", "\"test\"", "'batch_norm'");
        yield return Json("\"micro_batch\": 5", "\"micro_batch\": 0", "'micro_batch'");
        yield return Json("\"micro_batch\": 5", "\"micro_batch\": 1e99", "'micro_batch'");
        yield return Json("model.pt", "../model.pt", "'model.file'");
        yield return Json("model.pt", "/etc/passwd", "'model.file'");
        yield return Json("model.pt", "other.pt", "'model.file'");
        yield return Json("\"torchscript\"", "\"pickle\"", "'model.kind'");
        yield return Json("\"momentum\": 0.9", "\"momentum\": 1.5", "'training.momentum'");
        yield return Json(
            "\"training\":",
            "\"monitoring\": {\"analyses\": [\"everything\"]}, \"training\":",
            "'monitoring.analyses'"
        );
        yield return Json("\"training\":", "\"monitoring\": {\"every\": 0}, \"training\":", "'monitoring.every'");
        yield return Json("\"training\":", "\"loss\": \"mse\", \"training\":", "valid JSON");
        yield return Of("model empty", "model.pt", [], unusable, "no TorchScript module");
        yield return Of("model cut", "model.pt", model[..(model.Length / 2)], unusable, "no TorchScript module");
        yield return Of(
            "model a pickle",
            "model.pt",
            "\u0080\u0002cos\nsystem\n"u8.ToArray(),
            unusable,
            "no TorchScript module"
        );
        yield return Of("probe set empty", "probe.safetensors", [], unusable, "truncated");
        yield return Of("probe set cut", "probe.safetensors", probe[..^1], unusable, "truncated");
        yield return Of("probe set longer", "probe.safetensors", [.. probe, 0], unusable, "after its last tensor");
        yield return Of("probe set no safetensors", "probe.safetensors", new byte[1000], unusable, "JSON");
        yield return Of(
            "inputs of another size",
            "probe.safetensors",
            Tensors(("inputs", "F32", [12, 5], 240), ("targets", "I64", [12], 96)),
            unusable,
            "cannot be evaluated on inputs [12, 5]"
        );
        yield return Of(
            "targets missing",
            "probe.safetensors",
            Tensors(("inputs", "F32", [12, 4], 192)),
            unusable,
            "'targets' is missing"
        );
        yield return Of(
            "targets of another number",
            "probe.safetensors",
            Tensors(("inputs", "F32", [12, 4], 192), ("targets", "I64", [11], 88)),
            unusable,
            "'targets' is I64 [11]"
        );
        yield return Of(
            "targets no numbers of classes",
            "probe.safetensors",
            Tensors(("inputs", "F32", [12, 4], 192), ("targets", "F32", [12], 48)),
            unusable,
            "'targets' is F32 [12]"
        );
    }

    internal static IEnumerable<(
        string Mistake,
        string Step,
        byte[] Tensors,
        string? Header,
        HttpStatusCode Status,
        string Fragment
    )> Checkpoints(TinyTrainer trainer)
    {
        const HttpStatusCode bad = HttpStatusCode.BadRequest,
            unusable = HttpStatusCode.UnprocessableEntity;
        byte[] good = trainer.Tensors(1);
        const string header = "{\"step\":1}";
        foreach (
            var (text, fragment) in new[]
            {
                ("-1", "whole number"),
                ("1.5", "whole number"),
                ("one", "whole number"),
                ("01", "whole number"),
                ("1e3", "whole number"),
                ("9223372036854775808", "whole number"),
                ("1%2e0", "whole number"),
            }
        )
        {
            yield return ("step " + text, text, good, header, bad, fragment);
        }

        foreach (
            var (json, fragment) in new (string?, string)[]
            {
                (null, "X-Checkpoint"),
                ("", "X-Checkpoint"),
                ("step=1", "not valid JSON"),
                ("[1]", "not a JSON object"),
                ("{}", "'step' is missing"),
                ("{\"step\":2}", "'step' is 2"),
                ("{\"step\":\"1\"}", "'step'"),
                ("{\"step\":1,\"loss\":\"low\"}", "'loss'"),
                ("{\"step\":1,\"loss\":NaN}", "not valid JSON"),
                ("{\"step\":1,\"learning_rate\":-1}", "'learning_rate'"),
                ("{\"step\":1,\"time\":\"noon\"}", "'time'"),
                ("{\"step\":1,\"step\":1}", "not valid JSON"),
            }
        )
        {
            yield return ($"header {json}", "1", good, json, bad, fragment);
        }

        yield return (
            "too large",
            "1",
            new byte[(1 << 24) + 4096],
            header,
            HttpStatusCode.RequestEntityTooLarge,
            "the checkpoint of step 1"
        );
        yield return ("empty", "1", [], header, unusable, "truncated");
        yield return ("cut", "1", good[..^1], header, unusable, "truncated");
        yield return ("longer", "1", [.. good, 0], header, unusable, "after its last tensor");
        yield return ("zeros", "1", new byte[500], header, unusable, "JSON");
        yield return (
            "text",
            "1",
            "hello, world, this is no tensor"u8.ToArray(),
            header,
            unusable,
            "no safetensors file"
        );
        yield return (
            "a tensor missing",
            "1",
            Tensors(("fc_weight", "F64", [3, 4], 96)),
            header,
            unusable,
            "'fc_bias' is missing"
        );
        yield return (
            "a tensor too many",
            "1",
            Tensors(("fc_weight", "F32", [3, 4], 48), ("fc_bias", "F32", [3], 12), ("other", "F32", [2], 8)),
            header,
            unusable,
            "'other' is not a tensor of the model"
        );
        yield return (
            "another shape",
            "1",
            Tensors(("fc_weight", "F32", [4, 3], 48), ("fc_bias", "F32", [3], 12)),
            header,
            unusable,
            "'fc_weight' has the shape [4, 3]"
        );
        yield return (
            "whole numbers",
            "1",
            Tensors(("fc_weight", "I64", [3, 4], 96), ("fc_bias", "F32", [3], 12)),
            header,
            unusable,
            "'fc_weight' has the type I64"
        );
        yield return (
            "unknown type",
            "1",
            Tensors(("fc_weight", "F8_E5M2", [3, 4], 12), ("fc_bias", "F32", [3], 12)),
            header,
            unusable,
            "F8_E5M2"
        );
        yield return (
            "a moment missing",
            "1",
            Tensors(
                ("fc_weight", "F32", [3, 4], 48),
                ("fc_bias", "F32", [3], 12),
                ("optimizer.exp_avg_sq.fc_bias", "F32", [3], 12)
            ),
            header,
            unusable,
            "'optimizer.exp_avg_sq.fc_weight' is missing"
        );
    }

    internal static byte[] Tensors(params (string Name, string Type, long[] Shape, int Bytes)[] tensors)
    {
        int offset = 0;
        var entries = tensors
            .Select(tensor =>
            {
                string entry =
                    $"\"{tensor.Name}\":{{\"dtype\":\"{tensor.Type}\",\"shape\":[{string.Join(',', tensor.Shape)}],"
                    + $"\"data_offsets\":[{offset},{offset + tensor.Bytes}]}}";
                offset += tensor.Bytes;
                return entry;
            })
            .ToList();
        byte[] header = Encoding.UTF8.GetBytes("{" + string.Join(',', entries) + "}"),
            length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. new byte[offset]];
    }
}
