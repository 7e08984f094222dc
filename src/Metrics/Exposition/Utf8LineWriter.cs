using System.Buffers;
using System.Buffers.Text;

namespace CurvatureMonitor.Metrics.Exposition;

/// <summary>Appends UTF-8 to a buffer writer without allocating. <see cref="Flush"/> must be called last.</summary>
internal ref struct Utf8LineWriter
{
    private const int ChunkSize = 4096;

    private readonly IBufferWriter<byte> _output;
    private Span<byte> _chunk;
    private int _used;

    public Utf8LineWriter(IBufferWriter<byte> output) => _output = output;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _used += bytes.Length;
    }

    /// <summary>A sample value, and the end of its line.</summary>
    public void AppendValueLine(double value)
    {
        // In a statement of its own: it sets _used back when it moves to a new chunk.
        var free = Reserve(NumberText.MaxLength + 1);
        var written = NumberText.FormatValue(value, free);
        free[written] = (byte)'\n';
        _used += written + 1;
    }

    /// <summary>A count, and the end of its line.</summary>
    public void AppendCountLine(long value)
    {
        var free = Reserve(NumberText.MaxLength + 1);
        Utf8Formatter.TryFormat(value, free, out var written);
        free[written] = (byte)'\n';
        _used += written + 1;
    }

    public void Flush()
    {
        if (_used > 0)
        {
            _output.Advance(_used);
        }
        _chunk = default;
        _used = 0;
    }

    private Span<byte> Reserve(int length)
    {
        if (_chunk.Length - _used < length)
        {
            Flush();
            _chunk = _output.GetSpan(Math.Max(length, ChunkSize));
        }
        return _chunk[_used..];
    }
}
