using System.Globalization;
using System.Text;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Torch.Interop;

namespace CurvatureMonitor.Torch;

/// <summary>
/// A TorchScript module, loaded from a file or defined from source. Its named parameters, in its own order, make the
/// flat vector θ. Objectives copy the model, so one model serves many.
/// </summary>
public sealed class ScriptModel : IDisposable
{
    private ScriptModel(ScriptModelHandle handle, ElementType type, Device device)
    {
        Handle = handle;
        ElementType = type;
        Device = device;
        Parameters = ReadSlots(handle, buffers: 0);
        Buffers = ReadSlots(handle, buffers: 1);
    }

    /// <summary>The parameters in the order of the flat vector.</summary>
    public IReadOnlyList<TensorSlot> Parameters { get; }

    /// <summary>
    /// The floating-point buffers in the order of the flat buffer vector; integer counters are not among them.
    /// </summary>
    public IReadOnlyList<TensorSlot> Buffers { get; }

    /// <summary>P.</summary>
    public long ParameterCount => Total(Parameters);

    /// <summary>The number of numbers in all buffers.</summary>
    public long BufferCount => Total(Buffers);

    /// <summary>The type that parameters and buffers were converted to.</summary>
    public ElementType ElementType { get; }

    /// <summary>Where they live.</summary>
    public Device Device { get; }

    internal ScriptModelHandle Handle { get; }

    /// <summary>
    /// Loads a module that <c>torch.jit.save</c> or <see cref="Save"/> wrote; floating-point tensors are converted.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="type">The element type to compute in.</param>
    /// <param name="device">The device to compute on.</param>
    /// <exception cref="TorchException">The file is missing or no TorchScript module.</exception>
    public static ScriptModel Load(string path, ElementType type, Device device)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(device);
        if (!File.Exists(path))
        {
            throw new TorchException(TorchErrorKind.InvalidArgument, $"{path}: no such file");
        }

        Native.ScriptModelLoad(path, type, device.Index, out var handle, out var error).ThrowOnFailure(error);
        return new ScriptModel(handle, type, device);
    }

    /// <summary>Compiles a module from TorchScript text; its tensors are zeros until they are set.</summary>
    /// <param name="source">The text and its tensors.</param>
    /// <param name="type">The element type to compute in.</param>
    /// <param name="device">The device to compute on.</param>
    /// <exception cref="TorchException">The text does not compile.</exception>
    public static ScriptModel Define(ScriptModelSource source, ElementType type, Device device)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(device);
        var tensors = source.Parameters.Concat(source.Buffers).ToList();
        int[] ranks = [.. tensors.Select(t => t.Shape.Count)];
        long[] dims = [.. tensors.SelectMany(t => t.Shape)];
        Define(source, tensors, ranks, dims, type, device, out var handle);
        return new ScriptModel(handle, type, device);
    }

    /// <summary>Writes the module as a TorchScript file that <c>torch.jit.load</c> opens.</summary>
    /// <exception cref="TorchException">The file cannot be written.</exception>
    public void Save(string path) => Native.ScriptModelSave(Handle, path, out var error).ThrowOnFailure(error);

    /// <summary>Copies the parameters to a flat vector of <see cref="ParameterCount"/> numbers.</summary>
    public void GetParameters(Vector destination) => Read(buffers: 0, destination);

    /// <summary>Sets the parameters from a flat vector.</summary>
    public void SetParameters(Vector source) => Write(buffers: 0, source);

    /// <summary>Copies the buffers to a flat vector of <see cref="BufferCount"/> numbers.</summary>
    public void GetBuffers(Vector destination) => Read(buffers: 1, destination);

    /// <summary>Sets the buffers from a flat vector.</summary>
    public void SetBuffers(Vector source) => Write(buffers: 1, source);

    /// <summary>Frees the module.</summary>
    public void Dispose() => Handle.Dispose();

    private static long Total(IReadOnlyList<TensorSlot> slots) =>
        slots.Count == 0 ? 0 : slots[^1].Offset + slots[^1].Count;

    private static unsafe void Define(
        ScriptModelSource source,
        List<TensorSpec> tensors,
        int[] ranks,
        long[] dims,
        ElementType type,
        Device device,
        out ScriptModelHandle handle
    )
    {
        // All names as zero-ended UTF-8, one after the other; the pointers are into this pinned block.
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(tensors.Select(t => t.Name + '\0')));
        fixed (byte* first = text)
        fixed (int* rank = ranks)
        fixed (long* dim = dims)
        {
            byte** names = stackalloc byte*[tensors.Count];
            byte* next = first;
            for (int i = 0; i < tensors.Count; i++)
            {
                names[i] = next;
                next += Encoding.UTF8.GetByteCount(tensors[i].Name) + 1;
            }

            Native
                .ScriptModelDefine(
                    source.Name,
                    source.Source,
                    names,
                    rank,
                    dim,
                    source.Parameters.Count,
                    source.Buffers.Count,
                    type,
                    device.Index,
                    out handle,
                    out var error
                )
                .ThrowOnFailure(error);
        }
    }

    private static unsafe List<TensorSlot> ReadSlots(ScriptModelHandle handle, int buffers)
    {
        Native.ScriptModelSlots(handle, buffers, null, 0, out long length, out var error).ThrowOnFailure(error);
        byte[] text = new byte[length];
        fixed (byte* pointer = text)
        {
            Native.ScriptModelSlots(handle, buffers, pointer, length, out _, out error).ThrowOnFailure(error);
        }

        return ParseSlots(Encoding.UTF8.GetString(text));
    }

    private static List<TensorSlot> ParseSlots(string text)
    {
        var slots = new List<TensorSlot>();
        long offset = 0;
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split('\t');
            long[] shape =
            [
                .. parts[1]
                    .Split(',', StringSplitOptions.RemoveEmptyEntries)
                    .Select(d => long.Parse(d, CultureInfo.InvariantCulture)),
            ];
            var slot = new TensorSlot(parts[0], shape, offset);
            slots.Add(slot);
            offset += slot.Count;
        }

        return slots;
    }

    private void Read(int buffers, Vector destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        Native.ScriptModelRead(Handle, buffers, destination.Handle, out var error).ThrowOnFailure(error);
    }

    private void Write(int buffers, Vector source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Native.ScriptModelWrite(Handle, buffers, source.Handle, out var error).ThrowOnFailure(error);
    }
}
