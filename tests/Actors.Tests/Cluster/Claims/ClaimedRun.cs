using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Cluster.Claims;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Actors.Tests.Cluster.Claims;

/// <summary>A run with a bundle, as the host has it: its jobs, and their claims.</summary>
internal sealed class ClaimedRun : IDisposable
{
    private readonly BundleProbeSource _source;

    internal ClaimedRun(string folder, string run, params long[] steps)
    {
        Name = run;
        Bundle = TinyBundle.Write(folder, TinyBundle.Linear, run, steps);
        _source = BundleProbeSource.Open(Bundle, null, Device.Cpu);
        Probe = new RunProbe(run, _source);
        Resources = new ResourceTable().Open(run, Probe);
    }

    internal string Name { get; }

    internal RunBundle Bundle { get; }

    internal RunProbe Probe { get; }

    internal RunResources Resources { get; }

    internal Checkpoint Read(long step) => Bundle.ReadCheckpoint(step, _source.Layout);

    internal JobClaims Claim(BundleClaimSource source, long step, AnalysisKind kind = AnalysisKind.Spectrum)
    {
        Resources.Keep(Read(step));
        var claims = source.Claim(new JobId(Name, step, kind), Resources);
        Resources.Release(step);
        return claims;
    }

    public void Dispose()
    {
        Resources.Dispose();
        Probe.Dispose();
    }
}
