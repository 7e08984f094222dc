using System.Globalization;

namespace CurvatureMonitor.Host.Isolation;

/// <summary>What a process of this program is told by its parent, in a variable of its environment.</summary>
/// <param name="Pipe">The handle that it speaks through; its own standard error where null.</param>
/// <param name="MemoryBytes">The memory that it may hold; no bound where null.</param>
/// <param name="Grace">What it has to end in order once its parent has gone, or wants it to.</param>
internal sealed record ChildSetting(string? Pipe, long? MemoryBytes, TimeSpan Grace)
{
    /// <summary>The variable. Only the program itself gives it.</summary>
    internal const string Variable = "CURVATURE_CHILD";

    private const char Separator = ':';

    /// <summary>Reads one.</summary>
    /// <returns>Null where it is none.</returns>
    internal static ChildSetting? Parse(string text) =>
        text.Split(Separator) is [var pipe, var memory, var grace]
        && long.TryParse(memory, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
        && int.TryParse(grace, NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds)
            ? new ChildSetting(
                pipe.Length > 0 ? pipe : null,
                bytes > 0 ? bytes : null,
                TimeSpan.FromMilliseconds(milliseconds)
            )
            : null;

    /// <summary>As it stands in the environment.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Pipe}{Separator}{MemoryBytes ?? 0}{Separator}{(int)Grace.TotalMilliseconds}"
        );
}
