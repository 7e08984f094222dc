namespace CurvatureMonitor.Storage.Tests.Safetensors;

/// <summary>Safetensors files, each damaged in one way, and the problem that is found.</summary>
public static class DamagedSafetensors
{
    internal const string Good =
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"""
        + ""","b":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""";

    internal const string Empty = """{"dtype":"U8","shape":[0],"data_offsets":[0,0]}""";

    public static TheoryData<string, byte[], string> Corpus =>
        new()
        {
            { "empty", [], "truncated" },
            { "seven bytes", new byte[7], "truncated" },
            { "length alone", RawFile.Length(10), "truncated" },
            { "header cut", RawFile.Make(Good, new byte[16])[..40], "truncated" },
            { "data cut", RawFile.Make(Good, new byte[15]), "'b' ends at byte 16" },
            { "no data", RawFile.Make(Good), "truncated" },
            { "one byte more", RawFile.Make(Good, new byte[17]), "1 bytes after its last tensor" },
            { "header length negative", [.. RawFile.Length(-1), .. new byte[20]], "no safetensors file" },
            { "header length huge", [.. RawFile.Length(long.MaxValue), .. new byte[20]], "no safetensors file" },
            {
                "header length above the limit",
                [.. RawFile.Length(100_000_001), .. new byte[20]],
                "more than the 100000000 allowed"
            },
            { "header length zero", RawFile.Make(string.Empty), "JSON" },
            { "a zip archive", [.. "PK\u0003\u0004"u8, .. new byte[100]], "claims a header" },
            { "not UTF-8", RawFile.Make([.. "{\""u8, 0xC3, 0x28, .. "\":{}}"u8]), "not UTF-8" },
            { "lone surrogate", RawFile.Make("""{"\ud800":{}}"""), "JSON" },
            { "an array", RawFile.Make("[]"), "not a JSON object" },
            { "a number", RawFile.Make("12"), "not a JSON object" },
            { "spaces alone", RawFile.Make("        "), "JSON" },
            { "unfinished object", RawFile.Make("""{"a":{"dtype":"F32","""), "JSON" },
            { "two objects", RawFile.Make("{}{}"), "JSON" },
            { "comments", RawFile.Make("{/**/}"), "JSON" },
            { "trailing comma", RawFile.Make("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},}"""), "JSON" },
            { "deep nesting", RawFile.Make("""{"a":{"x":""" + new string('[', 5000)), "JSON" },
            { "tensor twice", RawFile.Make($$"""{"a":{{Empty}},"a":{{Empty}} }"""), "'a' occurs twice" },
            { "tensor twice, escaped", RawFile.Make($$"""{"a":{{Empty}},"\u0061":{{Empty}} }"""), "'a' occurs twice" },
            {
                "key twice",
                Tensor(""" "dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1] """, 1),
                "'dtype' twice"
            },
            {
                "shape twice",
                Tensor(""" "dtype":"U8","shape":[1],"shape":[1],"data_offsets":[0,1] """, 1),
                "'shape' twice"
            },
            { "metadata no object", RawFile.Make("""{"__metadata__":3}"""), "'__metadata__' is not an object" },
            { "metadata with a number", RawFile.Make("""{"__metadata__":{"format":1}}"""), "not a string" },
            { "metadata twice", RawFile.Make("""{"__metadata__":{"a":"1","a":"2"}}"""), "'a' twice" },
            { "tensor no object", RawFile.Make("""{"a":"F32"}"""), "'a' is not described" },
            { "no type", Tensor(""" "shape":[1],"data_offsets":[0,1] """, 1), "no 'dtype'" },
            { "no shape", Tensor(""" "dtype":"U8","data_offsets":[0,1] """, 1), "no 'shape'" },
            { "no offsets", Tensor(""" "dtype":"U8","shape":[1] """, 1), "no 'data_offsets'" },
            { "unknown type", Tensor(""" "dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1] """, 1), "F8_E4M3" },
            { "type in lower case", Tensor(""" "dtype":"f32","shape":[1],"data_offsets":[0,4] """, 4), "f32" },
            {
                "type no string",
                Tensor(""" "dtype":32,"shape":[1],"data_offsets":[0,4] """, 4),
                "'dtype' that is not a string"
            },
            {
                "shape no array",
                Tensor(""" "dtype":"U8","shape":1,"data_offsets":[0,1] """, 1),
                "'shape' that is not an array"
            },
            {
                "shape negative",
                Tensor(""" "dtype":"U8","shape":[-1,-1],"data_offsets":[0,1] """, 1),
                "'shape' with something"
            },
            {
                "shape fractional",
                Tensor(""" "dtype":"U8","shape":[1.5],"data_offsets":[0,1] """, 1),
                "'shape' with something"
            },
            {
                "shape beyond 64 bits",
                Tensor(""" "dtype":"U8","shape":[18446744073709551617],"data_offsets":[0,1] """, 1),
                "'shape' with something"
            },
            {
                "shape overflows",
                Tensor(""" "dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,0] """, 0),
                "no file can hold"
            },
            {
                "shape overflows to fit",
                Tensor(""" "dtype":"U8","shape":[4294967297,4294967296],"data_offsets":[0,4294967296] """, 1),
                "no file can hold"
            },
            {
                "byte length overflows",
                Tensor(""" "dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0] """, 0),
                "no file can hold"
            },
            {
                "shape huge",
                Tensor(""" "dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807] """, 1),
                "truncated"
            },
            {
                "rank huge",
                Tensor(
                    $""" "dtype":"U8","shape":[{string.Join(',', Enumerable.Repeat(1, 65))}],"data_offsets":[0,1] """,
                    1
                ),
                "more than 64"
            },
            {
                "offsets negative",
                Tensor(""" "dtype":"U8","shape":[1],"data_offsets":[-1,0] """, 1),
                "'data_offsets' with something"
            },
            {
                "offsets reversed",
                Tensor(""" "dtype":"U8","shape":[1],"data_offsets":[1,0] """, 1),
                "before it begins"
            },
            { "one offset", Tensor(""" "dtype":"U8","shape":[1],"data_offsets":[0] """, 1), "'data_offsets'" },
            { "three offsets", Tensor(""" "dtype":"U8","shape":[1],"data_offsets":[0,1,2] """, 1), "more than 2" },
            {
                "offsets that do not fit the shape",
                Tensor(""" "dtype":"F32","shape":[1],"data_offsets":[0,8] """, 8),
                "8 bytes where F32 [1] takes 4"
            },
            {
                "offsets with a string",
                Tensor(""" "dtype":"U8","shape":[1],"data_offsets":["0",1] """, 1),
                "'data_offsets' with something"
            },
            { "overlap", Two(0, 4, 2, 6, 6), "'b' overlaps 'a'" },
            { "the same bytes twice", Two(0, 4, 0, 4, 4), "'b' overlaps 'a'" },
            { "hole in the middle", Two(0, 4, 5, 9, 9), "hole of 1 bytes" },
            { "hole at the start", Two(1, 5, 5, 9, 9), "hole of 1 bytes" },
            { "name with line breaks", RawFile.Make("""{"a\nb\u001b[31m":{"dtype":"X"}}"""), "no 'shape'" },
            {
                "name that is very long",
                RawFile.Make("{\"" + new string('n', 100_000) + "\":{\"dtype\":\"X\"}}"),
                "…' has no 'shape'"
            },
        };

    internal static byte[] Tensor(string description, int dataLength) =>
        RawFile.Make("""{"a":{""" + description + "}}", new byte[dataLength]);

    internal static byte[] Two(int beginA, int endA, int beginB, int endB, int dataLength)
    {
        string a = $"[{beginA},{endA}]";
        string b = $"[{beginB},{endB}]";
        string header =
            """{"a":{"dtype":"F32","shape":[1],"data_offsets":"""
            + a
            + """},"b":{"dtype":"F32","shape":[1],"data_offsets":"""
            + b
            + "}}";
        return RawFile.Make(header, new byte[dataLength]);
    }
}
