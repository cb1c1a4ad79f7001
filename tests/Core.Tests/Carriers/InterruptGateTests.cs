using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Carriers;

/// <summary>An interrupt hits the period it was meant for, or is known to have missed it.</summary>
public sealed class InterruptGateTests
{
    [Fact]
    public void TryInterrupt_ClosedPeriod_DoesNothing()
    {
        var gate = new InterruptGate();
        var first = gate.OpenPeriod();
        Assert.False(gate.ClosePeriod());
        Assert.False(gate.TryInterrupt(Thread.CurrentThread, first));

        var second = gate.OpenPeriod();
        Assert.NotEqual(first, second);
        Assert.False(gate.TryInterrupt(Thread.CurrentThread, first));
        Assert.False(gate.ClosePeriod());
        Assert.False(InterruptGate.Drain());
    }

    [Fact]
    public void TryInterrupt_OpenPeriod_IsToldToTheOwnerOnce()
    {
        var gate = new InterruptGate();
        var period = gate.OpenPeriod();

        Assert.True(gate.TryInterrupt(Thread.CurrentThread, period));
        Assert.False(gate.TryInterrupt(Thread.CurrentThread, period));

        Assert.True(gate.ClosePeriod());
        Assert.True(InterruptGate.Drain());
        Assert.False(InterruptGate.Drain());
        Assert.False(gate.ClosePeriod());
    }

    [Fact]
    public void ClosePeriod_KillersRace_NoInterruptIsLeftBehind()
    {
        const int Rounds = 3_000;
        var gate = new InterruptGate();
        var done = false;
        var sent = 0;
        var drained = 0;
        var left = 0;
        var phase = "";
        var owner = new Thread(() =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                Volatile.Write(ref phase, "open");
                gate.OpenPeriod();
                Thread.SpinWait(20);
                Volatile.Write(ref phase, "closing");
                var interrupted = gate.ClosePeriod();
                Volatile.Write(ref phase, "draining");
                if (interrupted && InterruptGate.Drain())
                    drained++;
                // What is found here came late: it would have hit somebody's next wait.
                if (i % 50 == 0 && InterruptGate.Drain())
                    left++;
            }

            Volatile.Write(ref done, true);
        });
        var killer = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                if (gate.TryInterrupt(owner, gate.Period))
                    sent++;
            }
        });
        owner.Start();
        killer.Start();

        Deadline.Wait(owner, "the owner", () => $"period {gate.Period}, {Volatile.Read(ref phase)}, sent {sent}, drained {drained}, {owner.ThreadState}, {killer.ThreadState}");
        Deadline.Wait(killer, "the killer");
        Assert.Equal(0, left);
        Assert.Equal(sent, drained);
    }
}
