using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Events;

namespace CurvatureMonitor.Actors.Runs;

/// <content>
/// A trainer elsewhere that dies says nothing: a run of which nothing has come for too long is told to be silent, until
/// something comes. One in this process is watched, and needs no such guess.
/// </content>
internal sealed partial class RunActor
{
    private readonly TrainerPulse? _pulse;

    /// <summary>Something new has come from the trainer.</summary>
    private void Heard()
    {
        if (_pulse is null || _stopping || _ended is not null)
        {
            return;
        }

        _pulse.Beat(Now);
        if (_pulse.IsSilent)
        {
            _pulse.IsSilent = false;
            Tell(new TrainerHeard(Run, Now));
        }

        Listen();
    }

    private void Listen()
    {
        if (_pulse is { IsSilent: false })
        {
            Timers.StartSingleTimer(SilenceDue.Instance, SilenceDue.Instance, _pulse.Patience);
        }
    }

    private void FellSilent()
    {
        if (_pulse is { IsSilent: false } && !_stopping && _ended is null)
        {
            _pulse.IsSilent = true;
            Tell(new TrainerSilent(Run, Now, _pulse.Patience.TotalSeconds));
        }
    }
}
