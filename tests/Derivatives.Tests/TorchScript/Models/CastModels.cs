using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Tests.Products;
using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Derivatives.TorchScript.Archives;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Models;

/// <summary>Files of one network, x → tanh(x a) b, with and without casts to narrow types.</summary>
internal static class CastModels
{
    private const int Inputs = 4;
    private const int Hidden = 6;
    private const int Classes = 3;
    private const int Samples = 5;

    private const string Class =
        HandMade.Guard
        + """
        class M(Module):
          __parameters__ = ["a", "b", ]
          __buffers__ = []
          a : Tensor
          b : Tensor
          training : bool
          def forward(self: __torch__.M, x: Tensor) -> Tensor:
            BODY

        """;

    private const string Autocast = """
        class autocast:
          _enabled : bool
          device : str
          fast_dtype : Optional[int]
          def __enter__(self: __torch__.torch.amp.autocast_mode.autocast
            ) -> __torch__.torch.amp.autocast_mode.autocast:
            return self
          def __exit__(self: __torch__.torch.amp.autocast_mode.autocast,
            exc_type: Any,
            exc_val: Any,
            exc_tb: Any) -> NoneType:
            return None
          def __init__(self: __torch__.torch.amp.autocast_mode.autocast,
            device_type: str,
            dtype: Optional[int]=None,
            enabled: bool=True,
            cache_enabled: Optional[bool]=None) -> NoneType:
            self._enabled = enabled
            self.device = device_type
            self.fast_dtype = dtype
            return None

        """;

    /// <summary>The network of a forward's body, read from a file.</summary>
    internal static ScriptModel Load(
        string body,
        ElementType type,
        AutocastMode? autocast,
        ScalarType stored = ScalarType.Float32
    )
    {
        string folder = Directory.CreateTempSubdirectory("casts-").FullName;
        string path = Path.Combine(folder, "model.pt");
        try
        {
            using (NewDisposeScope())
            {
                var root = HandMade.Object(
                    "M",
                    ("a", (arange(Inputs * Hidden, float64) * 0.7).sin().reshape(Inputs, Hidden).to(stored)),
                    ("b", (arange(Hidden * Classes, float64) * 1.1).cos().reshape(Hidden, Classes).to(stored)),
                    ("training", false)
                );
                var code = new Dictionary<string, string>
                {
                    ["__torch__"] = Class.Replace("BODY", body, StringComparison.Ordinal),
                };
                if (body == CastBodies.Scripted)
                {
                    code["__torch__.torch.amp.autocast_mode"] = Autocast;
                }

                using var archive = new ScriptArchive(root, code, [], []);
                ScriptArchiveWriter.Write(archive, path);
            }

            var model = ScriptModel.Load(path, type, Device.Cpu, autocast: autocast);
            try
            {
                // The comparison with libtorch's interpreter reads the file.
                using var samples = Probe(type);
                using var objective = Of(model, samples);
                return model;
            }
            catch
            {
                model.Dispose();
                throw;
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A probe set for it.</summary>
    internal static Samples Probe(ElementType type) => WaveSamples.Of(Samples, Inputs, Classes, type);

    /// <summary>Its objective.</summary>
    internal static Objective Of(Model model, Samples samples) =>
        new(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, Samples);
}
