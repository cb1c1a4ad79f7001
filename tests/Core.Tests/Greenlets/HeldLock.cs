using GreenletBridge.TestSupport;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>A lock that another thread holds until this is disposed.</summary>
internal sealed class HeldLock : IDisposable
{
    private readonly ManualResetEventSlim _release = new();
    private readonly Thread _thread;

    private HeldLock(object gate, ManualResetEventSlim taken)
    {
        _thread = new Thread(() =>
        {
            lock (gate)
            {
                taken.Set();
                _release.Wait();
            }
        })
        { IsBackground = true };
        _thread.Start();
    }

    public static HeldLock Take(object gate)
    {
        using var taken = new ManualResetEventSlim();
        var held = new HeldLock(gate, taken);
        Deadline.Wait(() => taken.IsSet, "the lock to be held");
        return held;
    }

    public void Dispose()
    {
        _release.Set();
        _thread.Join();
        _release.Dispose();
    }
}
