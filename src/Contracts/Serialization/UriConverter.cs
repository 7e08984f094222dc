using System.Text.Json;
using System.Text.Json.Serialization;

namespace CurvatureMonitor.Contracts.Serialization;

/// <summary>
/// An address with its scheme: the path that an address of a file may have been made from would be read back as a
/// relative one.
/// </summary>
internal sealed class UriConverter : JsonConverter<Uri>
{
    public override Uri Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Uri.TryCreate(reader.GetString(), UriKind.Absolute, out var address)
            ? address
            : throw new JsonException("it is no absolute address");

    public override void Write(Utf8JsonWriter writer, Uri value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.AbsoluteUri);
}
