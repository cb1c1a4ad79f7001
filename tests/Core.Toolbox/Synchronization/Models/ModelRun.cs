using System.Diagnostics;

namespace GreenletBridge.Core.Toolbox.Synchronization.Models;

/// <summary>One random history of a scene, told by its seed: puts, gets, kills, timeouts and cancellations, several of them between two turns of the hub.</summary>
internal sealed class ModelRun(HubUnderTest lane, Scene scene, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<ModelWait> _all = [];
    private readonly List<string> _history = [];
    private int _now;
    private int _lastId;

    /// <summary>On a greenlet of the hub: nothing else runs there until it yields.</summary>
    public void Drive(int steps)
    {
        try
        {
            for (var i = 0; i < steps; i++)
                Step();
            // None is left behind.
            foreach (var wait in _all)
                wait.Greenlet!.Kill();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Seed {seed}: {e.Message}\n{string.Join("\n", _history.TakeLast(30))}", e);
        }
    }

    private void Step()
    {
        if (_random.Next(5) < 2)
        {
            Begin();
        }
        else
        {
            Unhooked(() =>
            {
                for (var burst = _random.Next(1, 6); burst > 0; burst--)
                    Disturb();
                if (!scene.IsMoving && _random.Next(4) == 0)
                    Advance();
            });
        }

        scene.Settle();
        Settle();
        scene.Check();
    }

    /// <summary>Between two turns nothing else runs, whatever lock of the runtime's is taken meanwhile: another test may hold it.</summary>
    private static void Unhooked(Action code)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            code();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private void Begin()
    {
        var id = ++_lastId;
        var wait = new ModelWait(id, scene.Kinds[_random.Next(scene.Kinds.Length)]) { Item = _random.Next(900_000) };
        if (_random.Next(2) == 0)
            wait.Due = _now + _random.Next(1, 6);
        var timeout = wait.Due is { } due ? TimeSpan.FromSeconds(due - _now) : (TimeSpan?)null;
        wait.Greenlet = lane.Spawn(_random.Next(2) == 0 ? BodyKind.Blocking : BodyKind.Async, async waits =>
        {
            try
            {
                wait.Outcome = await scene.Wait(wait, waits, timeout);
            }
            catch (GreenletExitException)
            {
                wait.Outcome ??= "killed";
            }
            catch (OperationCanceledException)
            {
                wait.Outcome = "cancelled";
            }
        });
        _all.Add(wait);
        scene.Begin(wait);
        _history.Add($"begin {wait.Kind} {id} until {wait.Due}");
    }

    private void Disturb()
    {
        var begun = _all.Where(static wait => !wait.Greenlet!.IsReady).ToArray();
        var choice = _random.Next(10);
        if (choice > 2 || begun.Length == 0)
        {
            _history.Add(scene.Act(_random));
            return;
        }

        var wait = begun[_random.Next(begun.Length)];
        var waits = scene.Waiting.Contains(wait);
        _history.Add($"{(choice < 2 ? "kill" : "cancel")} {wait.Kind} {wait.Id}");
        if (choice == 2)
        {
            wait.Cancel.Cancel();
            if (waits)
                scene.End(wait, "cancelled");
            return;
        }

        wait.Greenlet!.Kill();
        if (waits)
            scene.End(wait, "killed");
        else
            scene.KillAfter(wait);
    }

    private void Advance()
    {
        var by = _random.Next(1, 4);
        _now += by;
        lane.Time.Advance(TimeSpan.FromSeconds(by));
        _history.Add($"time {_now}");
        foreach (var wait in scene.Waiting.Where(wait => wait.Due <= _now).ToArray())
            scene.End(wait, "timeout");
    }

    private void Settle()
    {
        // All that are expected to end, however long a lock of the runtime's holds them up, and some turns more for those that are not.
        var started = Stopwatch.GetTimestamp();
        while (_all.Exists(static wait => wait.Expected is not null && wait.Outcome is null) && Stopwatch.GetElapsedTime(started) < Deadline.Default)
            Greenlet.Yield();
        for (var i = 0; i < 3; i++)
            Greenlet.Yield();
        foreach (var wait in _all)
            Assert.True(wait.Expected == wait.Outcome, wait.ToString());
        _all.RemoveAll(static wait => wait.Greenlet!.IsReady);
    }
}
