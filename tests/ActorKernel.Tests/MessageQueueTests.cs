using CurvatureMonitor.ActorKernel.Dispatch;
using CurvatureMonitor.ActorKernel.Dispatch.SysMsg;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.ActorKernel.Tests;

/// <summary>The queues against lists that do the same the slow way.</summary>
public sealed class MessageQueueTests
{
    // An operation: 0 to 5 add, 6 and 7 take, 8 put two back in front, 9 add a message that must not be dropped.
    private static readonly Arbitrary<int[]> Operations = Gen.Choose(0, 9).ArrayOf().ToArbitrary();

    [Fact]
    public void The_unbounded_queue_is_a_list_with_a_front() =>
        Prop.ForAll(Operations, operations => Agrees(operations, new UnboundedMessageQueue(), int.MaxValue, []))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void The_bounded_queue_drops_the_oldest_droppable_message_and_keeps_the_order_of_the_rest() =>
        Prop.ForAll(Operations, operations =>
            {
                var dropped = new List<object>();
                return Agrees(
                    operations,
                    new BoundedMessageQueue(3, envelope => dropped.Add(envelope.Message)),
                    3,
                    dropped
                );
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_closed_queue_refuses_and_still_gives_out_what_it_holds()
    {
        foreach (
            MessageQueue queue in new MessageQueue[]
            {
                new UnboundedMessageQueue(),
                new BoundedMessageQueue(3, _ => { }),
            }
        )
        {
            Assert.True(queue.TryEnqueue(new Envelope("in", null)));
            queue.Close();
            Assert.False(queue.TryEnqueue(new Envelope("late", null)));
            Assert.True(queue.TryDequeue(out var envelope));
            Assert.Equal("in", envelope.Message);
            Assert.False(queue.HasMessages);
        }
    }

    [Fact]
    public void System_messages_come_out_in_the_order_they_went_in_and_none_is_taken_after_closing()
    {
        SystemMessage[] messages = [new Create(), new Suspend(), new Resume(null), new Terminate()];
        var queue = new SystemMessageQueue();
        Array.ForEach(messages, m => Assert.True(queue.TryEnqueue(m)));
        Assert.Equal(messages, queue.Drain());
        Assert.False(queue.HasMessages);
        Array.ForEach(messages, m => Assert.True(queue.TryEnqueue(m)));
        Assert.Equal(messages, queue.Close());
        Assert.False(queue.TryEnqueue(new Create()));
        Assert.Empty(queue.Drain());
        Assert.Empty(queue.Close());
    }

    private static bool Agrees(int[] operations, MessageQueue queue, int capacity, List<object> dropped)
    {
        var front = new List<object>();
        var precious = new List<object>();
        var back = new List<object>();
        var expectedDropped = new List<object>();
        var next = 0;
        var agrees = true;
        foreach (var operation in operations)
        {
            switch (operation)
            {
                case < 6 or 9:
                    object message = operation == 9 ? new Identify(next++) : next++;
                    queue.TryEnqueue(new Envelope(message, null));
                    back.Add(message);
                    if (back.Count > capacity)
                    {
                        (back[0] is Identify ? precious : expectedDropped).Add(back[0]);
                        back.RemoveAt(0);
                    }

                    break;
                case < 8:
                    List<object>? source =
                        front.Count > 0 ? front
                        : precious.Count > 0 ? precious
                        : back.Count > 0 ? back
                        : null;
                    var found = queue.TryDequeue(out var envelope);
                    agrees &= found == source is not null && (!found || Equals(envelope.Message, source![0]));
                    source?.RemoveAt(0);
                    break;
                default:
                    object[] returned = [next++, next++];
                    queue.Prepend([.. returned.Select(m => new Envelope(m, null))]);
                    front.InsertRange(0, returned);
                    break;
            }

            var count = front.Count + precious.Count + back.Count;
            agrees &= queue.Count == count && queue.HasMessages == count > 0;
        }

        return agrees && dropped.SequenceEqual(expectedDropped);
    }
}
