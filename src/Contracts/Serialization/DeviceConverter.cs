using System.Text.Json;
using System.Text.Json.Serialization;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Contracts.Serialization;

/// <summary>A device as PyTorch names it; it need not be one of this machine.</summary>
internal sealed class DeviceConverter : JsonConverter<Device>
{
    public override Device Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return Device.Elsewhere(reader.GetString() ?? "cpu");
        }
        catch (UserErrorException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, Device value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
