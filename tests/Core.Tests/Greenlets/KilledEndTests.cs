using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>Which ends are the kill's, where the code has caught the kill and ends by something else.</summary>
public sealed class KilledEndTests : HubTests
{
    private static readonly CancellationTokenSource _foreign = new();

    static KilledEndTests() => _foreign.Cancel();

    /// <summary>What the code throws after it has caught its kill, and the status it ends with.</summary>
    public static TheoryData<string, GreenletStatus> Endings { get; } = new()
    {
        { "by its own token", GreenletStatus.Killed },
        { "by a task that its own token cancelled", GreenletStatus.Killed },
        { "without a token", GreenletStatus.Killed },
        { "by another token", GreenletStatus.Faulted },
        { "by an error that the kill caused", GreenletStatus.Killed },
        { "by several errors, one of them the kill", GreenletStatus.Killed },
        { "by several errors of its own", GreenletStatus.Faulted },
        { "by an error of its own", GreenletStatus.Faulted },
    };

    [Theory]
    [MemberData(nameof(Endings))]
    public void End_AfterTheKillWasCaught_IsTheKillsIfItCameOfIt(string how, GreenletStatus expected)
    {
        var hub = StartHub();
        var greenlet = hub.Spawn(() =>
        {
            var token = Greenlet.Current!.KillToken;
            var part = new TaskCompletionSource().Task.WaitAsync(token);
            try
            {
                Greenlet.Sleep(Timeout.Infinite);
            }
            catch (GreenletExitException kill)
            {
                switch (how)
                {
                    case "by its own token":
                        token.ThrowIfCancellationRequested();
                        break;
                    case "by a task that its own token cancelled":
                        part.GetAwaiter().GetResult();
                        break;
                    case "without a token":
                        throw new OperationCanceledException("A part was cancelled.");
                    case "by another token":
                        _foreign.Token.ThrowIfCancellationRequested();
                        break;
                    case "by an error that the kill caused":
                        throw new InvalidTimeZoneException("A library wraps it.", kill);
                    case "by several errors, one of them the kill":
                        throw new AggregateException(new InvalidTimeZoneException("The test's own."), kill);
                    case "by several errors of its own":
                        throw new AggregateException(new InvalidTimeZoneException("The test's own."), new InvalidTimeZoneException("The test's own, too."));
                    default:
                        throw new InvalidTimeZoneException("The test's own.");
                }
            }
        });
        Waits(greenlet);

        greenlet.Kill();

        Ends(greenlet);
        Assert.Equal(expected, greenlet.Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task End_ByAKillsOwnException_IsAFailureOfTheTask_AlsoWhenALaterKillCameMeanwhile(bool again)
    {
        var hub = StartHub();
        var error = new OperationCanceledException("the killer's own");
        using var caught = new ManualResetEventSlim();
        var goOn = 0;
        var greenlet = hub.Spawn(() =>
        {
            try
            {
                Greenlet.Sleep(Timeout.Infinite);
            }
            catch (OperationCanceledException)
            {
                caught.Set();
                Computes(() => Volatile.Read(ref goOn) != 0);
                throw;
            }
        });
        var task = hub.Bridge.AsTask(greenlet);
        Waits(greenlet);
        greenlet.Kill(error);
        Comes(caught, "the kill", hub);
        if (again)
            greenlet.Kill(new OperationCanceledException("a second one"));
        Volatile.Write(ref goOn, 1);

        Assert.Same(error, await Assert.ThrowsAsync<OperationCanceledException>(() => Deadline.For(task, "the Task", () => hub.Snapshot().ToString())));
        Assert.True(task.IsFaulted);
    }
}
