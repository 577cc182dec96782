using System;
using System.Threading;
using EmuPS.Core.Native;

namespace EmuPS.Machine.MemoryHotplug;

/// <summary>A thread that sleeps in the host's kernel until pages of a backend's file are lost. Made with the first backend that has a file.</summary>
internal sealed class MemoryLossWatcher : IDisposable
{
    private const int StackBytes = 256 * 1024;
    private readonly Action _found;
    private volatile bool _ended;

    /// <summary>Begins to watch.</summary>
    /// <param name="found">Called on the watcher's thread after pages were lost.</param>
    /// <exception cref="HostCallException">The host refuses.</exception>
    internal MemoryLossWatcher(Action found)
    {
        _found = found;
        new Thread(Watch, StackBytes) { IsBackground = true, Name = "EmuPS lost memory" }.Start();
    }

    /// <summary>What a loss raises.</summary>
    internal HostEvent Event { get; } = new();

    /// <summary>Ends the thread, without waiting for it.</summary>
    public void Dispose()
    {
        _ended = true;
        Event.Set();
    }

    private void Watch()
    {
        using (Event)
        {
            while (true)
            {
                Event.Wait();
                if (_ended)
                    return;
                _found();
            }
        }
    }
}
