using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Carriers;

/// <summary>The proof that the runtime calls the wait hook at all.</summary>
public sealed class MonitorHandleProbeTests : HubTests
{
    [Fact]
    public void OfThisThread_OnThisRuntime_SeesAHandle()
    {
        Assert.NotEqual(0, MonitorHandleProbe.OfThisThread());
        Assert.Equal(MonitorHandleProbe.OfThisThread(), MonitorHandleProbe.OfThisThread());
    }

    [Fact]
    public void MonitorHandle_OfACarrier_IsKnownAndItsOwn()
    {
        var hub = StartHub();

        var seen = Gives(hub.Spawn(static () => (Runner.Current!.MonitorHandle, Again: MonitorHandleProbe.OfThisThread())));

        Assert.NotEqual(0, seen.MonitorHandle);
        Assert.Equal(seen.MonitorHandle, seen.Again);
    }

    [Fact]
    public void OfThisThread_TheThreadWasInterruptedBefore_SeesAHandleAndKeepsTheInterrupt()
    {
        nint seen = 0;
        var isKept = false;
        var thread = new Thread(() =>
        {
            Thread.CurrentThread.Interrupt();
            seen = MonitorHandleProbe.OfThisThread();
            try
            {
                Thread.CurrentThread.Join(0);
            }
            catch (ThreadInterruptedException)
            {
                isKept = true;
            }
        });
        thread.Start();
        Deadline.Wait(thread, "the thread");

        Assert.NotEqual(0, seen);
        Assert.True(isKept);
    }

    [Fact]
    public void Wait_ContextWithoutNotification_IsNeverCalled()
    {
        // The negative of the hook: what the tests of the hook would look like if it were not installed.
        var silent = new Probe(notify: false);
        var heard = new Probe(notify: true);
        foreach (var probe in (Probe[])[silent, heard])
        {
            var thread = new Thread(() =>
            {
                SynchronizationContext.SetSynchronizationContext(probe);
                new ManualResetEvent(false).WaitOne(1);
                SynchronizationContext.SetSynchronizationContext(null);
            });
            thread.Start();
            thread.Join();
        }

        Assert.Equal(0, silent.Calls);
        Assert.Equal(1, heard.Calls);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Context_InASegment_AsksForWaitNotification(HubLoop loop)
    {
        var hub = StartHub(loop);

        Assert.True(Gives(hub.Spawn(static () => SynchronizationContext.Current!.IsWaitNotificationRequired())));
        Assert.True(Gives(hub.Spawn(static async () =>
        {
            await Greenlet.YieldAsync();
            return SynchronizationContext.Current!.IsWaitNotificationRequired();
        })));
    }

    private sealed class Probe : SynchronizationContext
    {
        internal Probe(bool notify)
        {
            if (notify)
                SetWaitNotificationRequired();
        }

        internal int Calls { get; private set; }

        public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout)
        {
            Calls++;
            return WaitHelper(waitHandles, waitAll, millisecondsTimeout);
        }
    }
}
