using System.Text;

namespace CurvatureMonitor.Host.Isolation;

/// <summary>Standard error of a measuring process: whole lines, passed to its parent.</summary>
internal sealed class ChildErrors(ChildLink link) : TextWriter
{
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (_line)
        {
            if (value != '\n')
            {
                _line.Append(value);
                return;
            }

            link.Send(ChildMessage.Say, _line.ToString().TrimEnd('\r'));
            _line.Clear();
        }
    }

    public override void Write(string? value)
    {
        lock (_line)
        {
            base.Write(value);
        }
    }

    public override void WriteLine(string? value)
    {
        lock (_line)
        {
            base.WriteLine(value);
        }
    }
}
