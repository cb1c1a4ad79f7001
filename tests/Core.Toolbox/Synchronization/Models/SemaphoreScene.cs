namespace GreenletBridge.Core.Toolbox.Synchronization.Models;

internal sealed class SemaphoreScene(int initial, int maximum) : Scene
{
    private readonly GreenletSemaphore _real = new(initial, maximum);
    private int _count = initial;

    public override string[] Kinds => ["acquire", "acquire", "acquire", "watch"];

    public override string Act(Random random)
    {
        if (random.Next(3) == 0)
        {
            Assert.Equal(_count > 0, _real.TryAcquire());
            _count = Math.Max(0, _count - 1);
            return "TryAcquire";
        }

        var count = random.Next(1, 4);
        var isTooMany = _count > maximum - count;
        if (isTooMany)
        {
            Assert.Throws<SemaphoreFullException>(() => _real.Release(count));
            return $"Release({count}), too many";
        }

        _real.Release(count);
        _count += count - Wake("acquire", count, "true");
        if (_count > 0)
            Wake("watch", int.MaxValue, "true");
        return $"Release({count})";
    }

    public override async ValueTask<string> Wait(ModelWait wait, BodyWaits waits, TimeSpan? timeout)
    {
        var limit = timeout ?? Timeout.InfiniteTimeSpan;
        var token = wait.Cancel.Token;
        var came = wait.Kind == "watch"
            ? await waits.Of(() => _real.Wait(timeout, token), () => _real.WaitAsync(timeout, token))
            : await waits.Of(() => _real.TryAcquire(limit, token), () => _real.TryAcquireAsync(limit, token));
        return came ? "true" : "timeout";
    }

    public override void Begin(ModelWait wait)
    {
        if (_count == 0)
        {
            Waiting.Add(wait);
            return;
        }

        wait.Expected = "true";
        if (wait.Kind == "acquire")
            _count--;
    }

    public override void Check() => Assert.Equal(_count, _real.Count);
}
