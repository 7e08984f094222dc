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

    public void Append(string text) => _used += Encoding.UTF8.GetBytes(text, Reserve(Encoding.UTF8.GetMaxByteCount(text.Length)));

    public void AppendBound(double value) => _used += NumberText.FormatBound(value, Reserve(NumberText.MaxLength));

    public void AppendValue(double value) => _used += NumberText.FormatValue(value, Reserve(NumberText.MaxLength));

    public void AppendCount(long value)
    {
        Utf8Formatter.TryFormat(value, Reserve(NumberText.MaxLength), out var written);
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
