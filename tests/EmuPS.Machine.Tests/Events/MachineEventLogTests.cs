using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using EmuPS.Machine.Events;
using Xunit;

namespace EmuPS.Machine.Tests.Events;

public sealed class MachineEventLogTests
{
    [Fact]
    public void Events_are_numbered_and_can_be_read_from_any_point()
    {
        MachineEventLog log = new();
        log.Raise("STOP");
        log.Raise("RESET", new Dictionary<string, object?> { ["guest"] = true });
        Assert.Equal(2, log.LastSequence);
        Assert.Equal([(1, "STOP"), (2, "RESET")], log.Since(0).Select(e => (e.Sequence, e.Name)));
        Assert.True((bool)log.Since(1).Single().Data["guest"]!);
        Assert.Empty(log.Since(2));
    }

    [Fact]
    public async Task A_wait_sees_what_happened_after_its_mark_and_what_comes()
    {
        MachineEventLog log = new();
        log.Raise("A");
        Task<MachineEvent> past = log.WaitAsync(e => e.Name == "A", 0);
        Task<MachineEvent> future = log.WaitAsync(e => e.Name == "A", 1);
        Assert.Equal(1, (await past).Sequence);
        Assert.False(future.IsCompleted);
        log.Raise("B");
        log.Raise("A");
        Assert.Equal(3, (await future).Sequence);
    }

    [Fact]
    public async Task A_complete_log_ends_waiting_and_takes_nothing_more()
    {
        MachineEventLog log = new();
        Task<MachineEvent> waiting = log.WaitAsync(_ => true, 0);
        log.Complete();
        Assert.Equal(ErrorIds.MachineEnded, (await Assert.ThrowsAsync<EngineException>(() => waiting)).ErrorId);
        log.Raise("A");
        Assert.Equal(0, log.LastSequence);
    }

    [Fact]
    public async Task A_handler_that_throws_disturbs_neither_the_raiser_nor_the_others()
    {
        MachineEventLog log = new();
        TaskCompletionSource<string> second = new();
        log.Raised += _ => throw new InvalidOperationException("a listener's bug");
        log.Raised += e =>
        {
            if (e.Name == "B")
                second.SetResult(e.Name);
        };
        log.Raise("A");
        log.Raise("B");
        Assert.Equal("B", await second.Task);
        log.Complete();
    }

    [Fact]
    public void Old_events_are_forgotten_beyond_the_capacity()
    {
        MachineEventLog log = new();
        for (int n = 0; n < MachineEventLog.Capacity + 10; n++)
        {
            log.Raise("A");
        }

        Assert.Equal(11, log.Since(0)[0].Sequence);
        Assert.Equal(MachineEventLog.Capacity, log.Since(0).Count);
    }
}
