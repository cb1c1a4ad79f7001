namespace GreenletBridge.Core.Toolbox.Synchronization.Models;

/// <summary>Who gets the lock holds it until told to go, or killed; the driver takes it as well.</summary>
internal sealed class LockScene : Scene
{
    private readonly GreenletLock _real = new();
    private ModelWait? _holder;
    private int _driverDepth;
    private bool _isLeaving;

    public override string[] Kinds => ["acquire"];

    public override string Act(Random random)
    {
        if (_holder is not null && !_isLeaving && random.Next(2) == 0)
        {
            _holder.Go.Set();
            _isLeaving = true;
            return $"let {_holder.Id} go";
        }

        if (random.Next(2) == 0)
        {
            Assert.Equal(_holder is null, _real.TryAcquire());
            if (_holder is null)
                _driverDepth++;
            return "TryAcquire";
        }

        if (_driverDepth == 0)
        {
            Assert.Throws<SynchronizationLockException>(_real.Release);
            return "Release, not held";
        }

        _real.Release();
        if (--_driverDepth == 0)
            GiveAway();
        return "Release";
    }

    public override async ValueTask<string> Wait(ModelWait wait, BodyWaits waits, TimeSpan? timeout)
    {
        GreenletHold hold;
        try
        {
            hold = await waits.Of(() => _real.Acquire(timeout, wait.Cancel.Token), () => _real.AcquireAsync(timeout, wait.Cancel.Token));
        }
        catch (TimeoutException)
        {
            return "timeout";
        }

        using (hold)
        using (await waits.Of(() => _real.Acquire(), () => _real.AcquireAsync()))
        {
            wait.Outcome = "acquired";
            await waits.Of(() => wait.Go.Wait(), () => wait.Go.WaitAsync());
        }

        return "acquired";
    }

    public override void Begin(ModelWait wait)
    {
        Waiting.Add(wait);
        if (_holder is null && _driverDepth == 0)
            GiveAway();
    }

    public override void KillAfter(ModelWait wait)
    {
        if (wait == _holder)
            _isLeaving = true;
    }

    public override bool IsMoving => _isLeaving;

    public override void Settle()
    {
        // Who was told to go may be followed by one that was killed as it got the lock: it goes at once, too.
        if (!_isLeaving)
            return;
        _isLeaving = false;
        _holder = null;
        GiveAway();
    }

    public override void Check()
    {
        Assert.Equal(_holder is not null || _driverDepth > 0, _real.IsHeld);
        Assert.Equal(_driverDepth > 0, _real.IsHeldByCaller);
    }

    private void GiveAway()
    {
        _holder = Waiting.FirstOrDefault();
        if (_holder is not null)
            End(_holder, "acquired");
    }
}
