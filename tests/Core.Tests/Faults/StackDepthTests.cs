using System.Runtime.CompilerServices;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Faults;

/// <summary>Stacks that run out.</summary>
public sealed class StackDepthTests : HubTests
{
    [Theory]
    [MemberData(nameof(Loops))]
    public void AsyncToSync_NestedBeyondTheStack_GoesOnOnAnotherOne(HubLoop loop)
    {
        // So small a stack holds some dozens of these levels.
        var pool = NewPool(new CarrierOptions { StackSize = 256 * 1024, IdleTimeout = TimeSpan.FromSeconds(1) });
        var hub = StartHub(loop, options => options.Carriers = pool);
        var bridge = hub.Bridge;

        int Nest(int depth) => depth == 0 ? 0 : 1 + bridge.AsyncToSync(async () =>
        {
            var inner = Nest(depth - 1);
            await Greenlet.YieldAsync();
            return inner;
        })();

        Assert.Equal(3_000, Gives(hub.Spawn(() => Nest(3_000))));
        Assert.InRange(pool.Count, 2, 1_000);
    }

    [Fact]
    public void Recursion_ThatChecks_FailsAsAnyExceptionAndTheCarrierGoesOn()
    {
        var hub = StartHub();

        static int Endless(int depth)
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            return Endless(depth + 1) + 1;
        }

        for (var i = 0; i < 3; i++)
        {
            var greenlet = hub.Spawn(static () => Endless(0));
            Ends(greenlet);
            Assert.IsType<InsufficientExecutionStackException>(greenlet.Exception);
        }

        Succeeds(hub.Spawn(static () => Greenlet.Yield()));
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void StartInPlace_OnAStackThatIsNearlyUsedUp_RunsElsewhere(HubLoop loop)
    {
        var hub = StartHub(loop);
        var caller = 0;
        var runs = new List<int>();
        var profile = new WorkProfile("short");
        // Known to be short: from now on it runs in place.
        Deadline.Wait(
            () =>
            {
                OnAThread(() => Succeeds(Start()));
                return profile.RunsInPlace && runs[^1] == caller;
            },
            "the work to be known as short");

        OnAThread(() => AtTheEndOfTheStack(() => Succeeds(Start())));

        Assert.NotEqual(caller, runs[^1]);

        Greenlet Start()
        {
            var greenlet = new Greenlet(hub, BlockingBody.Instance, () => runs.Add(Environment.CurrentManagedThreadId)) { Trust = profile.Trust };
            greenlet.StartInPlace();
            return greenlet;
        }

        void OnAThread(Action code)
        {
            Exception? error = null;
            var thread = new Thread(() =>
            {
                caller = Environment.CurrentManagedThreadId;
                try
                {
                    code();
                }
                catch (Exception e)
                {
                    error = e;
                }
            }, 512 * 1024);
            thread.Start();
            Deadline.Wait(thread, "the thread");
            if (error is not null)
                throw new InvalidOperationException("On the thread.", error);
        }

        // Optimized, it is a loop that never comes to the end of any stack.
        [MethodImpl(MethodImplOptions.NoOptimization)]
        static void AtTheEndOfTheStack(Action code)
        {
            if (RuntimeHelpers.TryEnsureSufficientExecutionStack())
                AtTheEndOfTheStack(code);
            else
                code();
        }
    }
}
