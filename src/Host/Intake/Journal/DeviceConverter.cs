using System.Text.Json;
using System.Text.Json.Serialization;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Intake.Journal;

/// <summary>A device as PyTorch names it. One that was used before and is not here now is told as the CPU: nothing is computed on it again.</summary>
internal sealed class DeviceConverter : JsonConverter<Device>
{
    public override Device Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return Device.Parse(reader.GetString() ?? "cpu");
        }
        catch (TorchException)
        {
            return Device.Cpu;
        }
    }

    public override void Write(Utf8JsonWriter writer, Device value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
