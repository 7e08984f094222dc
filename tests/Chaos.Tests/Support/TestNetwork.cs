using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace CurvatureMonitor.Chaos.Tests.Support;

/// <summary>
/// Machines of their own, as the kernel has them: network namespaces, each with one cable to a router, whose cables can
/// be cut in silence, in one direction or both. Needs Linux, root and iproute2.
/// </summary>
internal sealed class TestNetwork : IDisposable
{
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"cm{Environment.ProcessId}");
    private readonly int _machines;

    private TestNetwork(int machines) => _machines = machines;

    private string Router => _name + "r";

    /// <summary>Makes machines 1 to n.</summary>
    internal static TestNetwork Create(int machines)
    {
        var network = new TestNetwork(machines);
        try
        {
            network.Make();
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>A machine's address.</summary>
    internal static string AddressOf(int machine) =>
        string.Create(CultureInfo.InvariantCulture, $"10.77.{machine}.1");

    /// <summary>What starts a command there.</summary>
    internal string[] On(int machine) => ["ip", "netns", "exec", NameOf(machine)];

    /// <summary>What is sent to a machine is lost, and nobody is told.</summary>
    internal void CutTowards(int machine) => InRouter("ip", "route", "add", "blackhole", AddressOf(machine));

    /// <summary>What a machine sends is lost, and it is not told.</summary>
    internal void CutFrom(int machine) => InRouter("ip", "rule", "add", "iif", PortOf(machine), "blackhole");

    /// <summary>Mends a machine's cable.</summary>
    internal void Mend(int machine)
    {
        TryInRouter("ip", "route", "del", "blackhole", AddressOf(machine));
        TryInRouter("ip", "rule", "del", "iif", PortOf(machine), "blackhole");
    }

    /// <summary>
    /// So many kilobits a second go to a machine and come from it; what does not fit into a tenth of a second's queue
    /// is lost.
    /// </summary>
    internal void Narrow(int machine, int kilobits)
    {
        string rate = string.Create(CultureInfo.InvariantCulture, $"{kilobits}kbit");
        string[] shape = ["root", "tbf", "rate", rate, "burst", "16kb", "latency", "100ms"];
        InRouter(["tc", "qdisc", "add", "dev", PortOf(machine), .. shape]);
        Run(["ip", "netns", "exec", NameOf(machine), "tc", "qdisc", "add", "dev", CableOf(machine), .. shape]);
    }

    /// <summary>How many packets a machine's cable has lost.</summary>
    internal bool HasLost(int machine) =>
        !Output(["ip", "netns", "exec", Router, "tc", "-s", "qdisc", "show", "dev", PortOf(machine)])
            .Contains("(dropped 0,", StringComparison.Ordinal);

    public void Dispose()
    {
        for (int machine = 1; machine <= _machines; machine++)
        {
            TryRun("ip", "netns", "del", NameOf(machine));
        }

        TryRun("ip", "netns", "del", Router);
    }

    private void Make()
    {
        Run("ip", "netns", "add", Router);
        InRouter("sysctl", "-qw", "net.ipv4.ip_forward=1");
        for (int machine = 1; machine <= _machines; machine++)
        {
            string gateway = string.Create(CultureInfo.InvariantCulture, $"10.77.{machine}.254");
            string name = NameOf(machine);
            Run("ip", "netns", "add", name);
            Run(
                ["ip", "link", "add", CableOf(machine), "netns", name, "type", "veth", "peer", "name", PortOf(machine)]
            );
            Run("ip", "link", "set", PortOf(machine), "netns", Router);
            InRouter("ip", "addr", "add", gateway + "/24", "dev", PortOf(machine));
            InRouter("ip", "link", "set", PortOf(machine), "up");
            foreach (string device in new[] { "lo", CableOf(machine) })
            {
                Run("ip", "-n", name, "link", "set", device, "up");
            }

            Run("ip", "-n", name, "addr", "add", AddressOf(machine) + "/24", "dev", CableOf(machine));
            Run("ip", "-n", name, "route", "add", "default", "via", gateway);
        }
    }

    private string NameOf(int machine) => string.Create(CultureInfo.InvariantCulture, $"{_name}-{machine}");

    private string CableOf(int machine) => string.Create(CultureInfo.InvariantCulture, $"{_name}c{machine}");

    private string PortOf(int machine) => string.Create(CultureInfo.InvariantCulture, $"{_name}p{machine}");

    private void InRouter(params string[] command) => Run(["ip", "netns", "exec", Router, .. command]);

    private void TryInRouter(params string[] command) => TryRun(["ip", "netns", "exec", Router, .. command]);

    private static void Run(params string[] command) => Output(command);

    private static void TryRun(params string[] command)
    {
        try
        {
            Run(command);
        }
        catch (InvalidOperationException)
        {
            // It is not there.
        }
    }

    private static string Output(params string[] command)
    {
        try
        {
            var start = new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
            using var process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : throw new InvalidOperationException(Problem(errors.Trim()));
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException(Problem(exception.Message), exception);
        }

        string Problem(string reason) =>
            $"{string.Join(' ', command)}: {reason}; tests of the network need root and iproute2";
    }
}
