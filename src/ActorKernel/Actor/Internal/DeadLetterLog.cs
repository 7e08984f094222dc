using CurvatureMonitor.ActorKernel.Event;

namespace CurvatureMonitor.ActorKernel.Actor.Internal;

/// <summary>Logs the first dead letters, then keeps quiet for five minutes.</summary>
internal sealed class DeadLetterLog(ActorSystemImpl system)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private int _logged;
    private long? _pausedSince;

    public void Note(AllDeadLetters notice)
    {
        var limit = system.Setup.LogDeadLetters;
        if (limit <= 0 || notice is SuppressedDeadLetter)
        {
            return;
        }

        bool last;
        lock (_gate)
        {
            if (_pausedSince is { } since)
            {
                if (system.TimeProvider.GetElapsedTime(since) < Pause)
                {
                    return;
                }

                _pausedSince = null;
                _logged = 0;
            }

            last = ++_logged >= limit;
            if (last)
            {
                _pausedSince = system.TimeProvider.GetTimestamp();
            }
        }

        system.Log.Info(
            "Message [{0}] from {1} to {2} was not delivered ({3}).{4}",
            notice.Message.GetType().Name,
            notice.Sender,
            notice.Recipient,
            notice.GetType().Name,
            last ? " No more dead letters will be logged in the next five minutes." : ""
        );
    }
}
