using System.Diagnostics;

namespace CurvatureMonitor.Host.Isolation;

/// <summary>
/// A child's hold on its parent: standard input, on which nothing is ever said, and which ends with the parent, however
/// that ends. The kernel's own signal of a parent's death would come when the thread that started the child ends.
/// </summary>
internal static class Lifeline
{
    /// <summary>Asks for the end of this process when its parent has gone, or wants it to; then insists.</summary>
    /// <param name="ending">Is cancelled first.</param>
    /// <param name="grace">What it has to end in order.</param>
    internal static void Watch(CancellationTokenSource ending, TimeSpan grace)
    {
        var reader = new Thread(() =>
        {
            WaitForEnd();
            ending.Cancel();
            Thread.Sleep(grace);

            // A call of libtorch that hangs would hold up every gentler way.
            Process.GetCurrentProcess().Kill();
        })
        {
            IsBackground = true,
            Name = "lifeline",
        };
        reader.Start();
    }

    private static void WaitForEnd()
    {
        try
        {
            using var input = Console.OpenStandardInput();
            while (input.ReadByte() >= 0)
            {
                // Nothing is ever said.
            }
        }
        catch (IOException)
        {
            // It has gone.
        }
    }
}
