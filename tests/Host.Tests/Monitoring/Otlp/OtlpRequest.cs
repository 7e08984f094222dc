using System.Runtime.InteropServices;

namespace CurvatureMonitor.Host.Tests.Monitoring.Otlp;

/// <summary>
/// An ExportMetricsServiceRequest, by the field numbers of opentelemetry/proto/metrics/v1/metrics.proto.
/// </summary>
internal sealed record OtlpRequest(IReadOnlyDictionary<string, string> Resource, IReadOnlyList<OtlpPoint> Points)
{
    public static OtlpRequest Parse(ReadOnlySpan<byte> body)
    {
        var resource = new Dictionary<string, string>(StringComparer.Ordinal);
        var points = new List<OtlpPoint>();
        var request = new ProtobufReader(body);
        while (request.Next())
        {
            var ofResource = new ProtobufReader(request.Content);
            while (ofResource.Next())
            {
                if (ofResource.Field == 1)
                {
                    ReadAttributes(ofResource.Content, field: 1, resource);
                }
                else if (ofResource.Field == 2)
                {
                    ReadScope(ofResource.Content, points);
                }
            }
        }

        return new OtlpRequest(resource, points);
    }

    private static void ReadScope(ReadOnlySpan<byte> message, List<OtlpPoint> points)
    {
        string run = "";
        var scope = new ProtobufReader(message);
        while (scope.Next())
        {
            if (scope.Field == 1)
            {
                var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
                ReadAttributes(scope.Content, field: 3, attributes);
                run = attributes.GetValueOrDefault("run", "");
            }
            else if (scope.Field == 2)
            {
                ReadMetric(scope.Content, run, points);
            }
        }
    }

    private static void ReadMetric(ReadOnlySpan<byte> message, string run, List<OtlpPoint> points)
    {
        var (name, help, unit) = ("", "", "");
        var metric = new ProtobufReader(message);
        while (metric.Next())
        {
            switch (metric.Field)
            {
                case 1:
                    name = metric.Text;
                    break;
                case 2:
                    help = metric.Text;
                    break;
                case 3:
                    unit = metric.Text;
                    break;
                case 5 or 7 or 9:
                    ReadPoints(
                        metric.Content,
                        new OtlpPoint(
                            name,
                            metric.Field == 9 ? "histogram" : "gauge",
                            unit,
                            help,
                            run,
                            new Dictionary<string, string>(),
                            0,
                            [],
                            []
                        ),
                        metric.Field,
                        points
                    );
                    break;
            }
        }
    }

    private static void ReadPoints(ReadOnlySpan<byte> message, OtlpPoint of, int type, List<OtlpPoint> points)
    {
        var (first, cumulative, monotonic) = (points.Count, false, false);
        var data = new ProtobufReader(message);
        while (data.Next())
        {
            switch (data.Field)
            {
                case 1:
                    points.Add(ReadPoint(data.Content, of, type));
                    break;
                case 2:
                    cumulative = data.Bits == 2;
                    break;
                case 3:
                    monotonic = data.Bits == 1;
                    break;
            }
        }

        if (type != 5)
        {
            string kind = (type, cumulative, monotonic) switch
            {
                (9, true, _) => "histogram",
                (7, true, true) => "counter",
                _ => "sum",
            };
            for (int i = first; i < points.Count; i++)
            {
                points[i] = points[i] with { Kind = kind };
            }
        }
    }

    private static OtlpPoint ReadPoint(ReadOnlySpan<byte> message, OtlpPoint of, int type)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        var point = new ProtobufReader(message);
        while (point.Next())
        {
            of = (type, point.Field) switch
            {
                (9, 5) or (not 9, 4) => of with { Value = point.Double },
                (not 9, 6) => of with { Value = (long)point.Bits },
                (9, 6) => of with { Counts = MemoryMarshal.Cast<byte, ulong>(point.Content).ToArray() },
                (9, 7) => of with { Bounds = MemoryMarshal.Cast<byte, double>(point.Content).ToArray() },
                _ => of,
            };
            if (point.Field == (type == 9 ? 9 : 7))
            {
                ReadAttribute(point.Content, labels);
            }
        }

        return of with
        {
            Labels = labels,
        };
    }

    private static void ReadAttributes(ReadOnlySpan<byte> message, int field, Dictionary<string, string> attributes)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == field)
            {
                ReadAttribute(reader.Content, attributes);
            }
        }
    }

    // KeyValue { key = 1, AnyValue value = 2 { string_value = 1 } }.
    private static void ReadAttribute(ReadOnlySpan<byte> message, Dictionary<string, string> attributes)
    {
        var (key, value) = ("", "");
        var pair = new ProtobufReader(message);
        while (pair.Next())
        {
            if (pair.Field == 1)
            {
                key = pair.Text;
            }
            else if (pair.Field == 2)
            {
                var any = new ProtobufReader(pair.Content);
                value = any.Next() && any.Field == 1 ? any.Text : value;
            }
        }

        attributes.Add(key, value); // throws where a label comes twice
    }
}
