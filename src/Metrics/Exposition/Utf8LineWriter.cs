using System.Buffers;
using System.Buffers.Text;
using System.Text;

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

    // In every method Reserve comes in a statement of its own: it sets _used back when it moves to a new chunk.
    public void Append(string text)
    {
        var free = Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        _used += Encoding.UTF8.GetBytes(text, free);
    }

    public void AppendBound(double value)
    {
        var free = Reserve(NumberText.MaxLength);
        _used += NumberText.FormatBound(value, free);
    }

    public void AppendValue(double value)
    {
        var free = Reserve(NumberText.MaxLength);
        _used += NumberText.FormatValue(value, free);
    }

    public void AppendCount(long value)
    {
        var free = Reserve(NumberText.MaxLength);
        Utf8Formatter.TryFormat(value, free, out var written);
        _used += written;
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
