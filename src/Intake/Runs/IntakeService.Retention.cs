using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Stores;

namespace CurvatureMonitor.Intake.Runs;

/// <content>The disk is kept within its bounds.</content>
internal sealed partial class IntakeService
{
    /// <summary>Removes what need not be kept of the server's own bundles, where something has changed.</summary>
    /// <param name="reserved">Bytes that must fit beside what is kept.</param>
    internal void Sweep(long reserved = 0)
    {
        if (Interlocked.Exchange(ref _sweepDue, 0) == 0)
        {
            return;
        }

        try
        {
            var retention = options.Retention with
            {
                MaximumBytes = Math.Max(0, options.Retention.MaximumBytes - reserved),
            };
            foreach (var surplus in retention.Surplus(Stored()))
            {
                _owned[surplus.Run].RemoveCheckpoint(surplus.Step);
            }
        }
        catch (BundleException exception)
        {
            notice(exception.Message);
        }
    }

    /// <summary>Whether so many more bytes fit, after what need not be kept is gone.</summary>
    internal bool HasRoomFor(long bytes)
    {
        MarkForSweep();
        Sweep(bytes);
        return Stored().Sum(checkpoint => checkpoint.Bytes) + bytes <= options.Retention.MaximumBytes;
    }

    internal void MarkForSweep() => Volatile.Write(ref _sweepDue, 1);

    private List<StoredCheckpoint> Stored()
    {
        var stored = new List<StoredCheckpoint>();
        foreach (var (name, bundle) in _owned)
        {
            foreach (long step in bundle.CheckpointSteps())
            {
                var file = new FileInfo(bundle.TensorsPath(step));
                if (file.Exists)
                {
                    stored.Add(
                        new StoredCheckpoint(
                            name,
                            step,
                            file.Length,
                            file.LastWriteTimeUtc,
                            IsInUse?.Invoke(name, step) == true ? CheckpointUse.Open : UsesOf(name).Of(step)
                        )
                    );
                }
            }
        }

        return stored;
    }
}
