using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace EmuPS.Machine.Events;

/// <summary>The events of one machine, for any number of readers at once.</summary>
/// <remarks><see cref="Raise"/> never blocks and never runs foreign code, so it may be called on a vCPU's thread and under the device lock.</remarks>
public sealed class MachineEventLog
{
    /// <summary>The number of events that are kept; older ones are forgotten.</summary>
    public const int Capacity = 16384;

    private static readonly IReadOnlyDictionary<string, object?> NoData = new Dictionary<string, object?>();
    private readonly Lock _gate = new();
    private readonly Queue<MachineEvent> _events = new();
    private readonly TimeProvider _time;
    private readonly Channel<MachineEvent> _toDispatch = Channel.CreateUnbounded<MachineEvent>(new UnboundedChannelOptions { SingleReader = true });
    private Action<MachineEvent>? _handlers;
    private TaskCompletionSource _grown = NewSignal();
    private long _last;
    private bool _dispatching;
    private bool _completed;

    /// <summary>Makes an empty log.</summary>
    /// <param name="time">The host's clock, which stamps the events.</param>
    public MachineEventLog(TimeProvider? time = null) => _time = time ?? TimeProvider.System;

    /// <summary>Raised for each event that comes after the handler was added, in order, on a thread of the log. A handler that throws disturbs nobody.</summary>
    public event Action<MachineEvent>? Raised
    {
        add
        {
            lock (_gate)
            {
                _handlers += value;
                if (!_dispatching)
                {
                    _dispatching = true;
                    new Thread(Dispatch) { IsBackground = true, Name = "EmuPS events" }.Start();
                }
            }
        }

        remove
        {
            lock (_gate)
                _handlers -= value;
        }
    }

    /// <summary>The sequence number of the latest event, 0 before the first.</summary>
    public long LastSequence
    {
        get
        {
            lock (_gate)
                return _last;
        }
    }

    /// <summary>Adds an event. After <see cref="Complete"/> it does nothing.</summary>
    /// <param name="name">QEMU's name.</param>
    /// <param name="data">Its data; the caller does not change it afterwards.</param>
    public void Raise(string name, IReadOnlyDictionary<string, object?>? data = null)
    {
        TaskCompletionSource grown;
        lock (_gate)
        {
            if (_completed)
                return;
            MachineEvent happened = new(++_last, _time.GetUtcNow(), name, data ?? NoData);
            _events.Enqueue(happened);
            if (_events.Count > Capacity)
                _events.Dequeue();
            if (_dispatching)
                _toDispatch.Writer.TryWrite(happened);
            grown = _grown;
            _grown = NewSignal();
        }

        grown.TrySetResult();
    }

    /// <summary>The events after a sequence number, oldest first.</summary>
    /// <param name="sequence">0 for all that are kept.</param>
    public IReadOnlyList<MachineEvent> Since(long sequence)
    {
        lock (_gate)
            return SinceUnderGate(sequence);
    }

    /// <summary>Waits for the first event after a sequence number that the filter accepts; one that has happened already counts.</summary>
    /// <param name="filter">Called without locks.</param>
    /// <param name="after">A sequence number, usually <see cref="LastSequence"/> from before the request whose answer is awaited.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="EngineException"><see cref="ErrorIds.MachineEnded"/>: the log is complete and holds no such event.</exception>
    public async Task<MachineEvent> WaitAsync(Func<MachineEvent, bool> filter, long after, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task grown;
            bool completed;
            IReadOnlyList<MachineEvent> news;
            lock (_gate)
            {
                news = SinceUnderGate(after);
                grown = _grown.Task;
                completed = _completed;
            }

            foreach (MachineEvent happened in news)
            {
                if (filter(happened))
                    return happened;
                after = happened.Sequence;
            }

            if (completed)
                throw new EngineException(ErrorIds.MachineEnded, EngineErrorCategory.InvalidOperation, "The machine ended before the awaited event came.");
            await grown.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Says that no more events come; whoever waits is told. What happened stays readable.</summary>
    public void Complete()
    {
        TaskCompletionSource grown;
        lock (_gate)
        {
            _completed = true;
            grown = _grown;
            _toDispatch.Writer.TryComplete();
        }

        grown.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private List<MachineEvent> SinceUnderGate(long sequence)
    {
        List<MachineEvent> list = [];
        if (sequence >= _last)
            return list;
        foreach (MachineEvent happened in _events)
        {
            if (happened.Sequence > sequence)
                list.Add(happened);
        }

        return list;
    }

    private void Dispatch()
    {
        while (_toDispatch.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_toDispatch.Reader.TryRead(out MachineEvent? happened))
            {
                foreach (Delegate handler in _handlers?.GetInvocationList() ?? [])
                {
                    try
                    {
                        ((Action<MachineEvent>)handler)(happened);
                    }
                    catch (Exception)
                    {
                        // A listener's failure is the listener's; the machine and the other listeners go on.
                    }
                }
            }
        }
    }
}
