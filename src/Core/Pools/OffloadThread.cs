using System.Diagnostics;

namespace GreenletBridge;

/// <summary>A thread of an <see cref="OffloadPool"/>.</summary>
internal sealed class OffloadThread(OffloadPool pool, TimeSpan idleTimeout) : IDisposable
{
    private readonly Parker _parker = Parker.Create();

    /// <summary>Starts the thread. What <see cref="Thread.Start()"/> throws comes through.</summary>
    internal void Start() => pool.StartThread(new Thread(Main) { IsBackground = true, Name = "offload" });

    /// <summary>The pool took it off its list of idle ones: there may be work.</summary>
    internal void Wake() => _parker.Unpark();

    public void Dispose() => _parker.Dispose();

    private void Main()
    {
        while (true)
        {
            while (pool.TakeOrRest(this) is { } call)
                call.Run();
            var deadline = Stopwatch.GetTimestamp() + (long)(idleTimeout.TotalSeconds * Stopwatch.Frequency);
            if ((!pool.IsDisposed && _parker.Park(deadline)) || !pool.TryRetire(this))
            {
                // Woken, or about to be: the permit that comes then only makes the next rest a short one.
                continue;
            }

            Dispose();
            return;
        }
    }
}
