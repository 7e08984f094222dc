using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Passes;

namespace CurvatureMonitor.Derivatives;

/// <content>Whether the program's casts to types of less precision are made.</content>
public sealed partial class ScriptModel
{
    /// <inheritdoc/>
    public override AutocastMode Autocast => _autocast ?? AutocastMode.Off;

    /// <inheritdoc/>
    public override string? DescribeAutocast()
    {
        string mode = _autocast == AutocastMode.Keep ? "keep" : "off";
        return _used.Narrow != NarrowTypes.None ? $"{mode} ({_used.Narrow.Names()})"
            : _autocast == AutocastMode.Off ? mode
            : null;
    }
}
