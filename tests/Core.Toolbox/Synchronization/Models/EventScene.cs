namespace GreenletBridge.Core.Toolbox.Synchronization.Models;

internal sealed class EventScene : Scene
{
    private readonly GreenletEvent _real = new();
    private bool _isSet;

    public override string[] Kinds => ["wait"];

    public override string Act(Random random)
    {
        if (random.Next(3) != 0)
        {
            _real.Clear();
            _isSet = false;
            return "Clear";
        }

        _real.Set();
        _isSet = true;
        Wake("wait", int.MaxValue, "true");
        return "Set";
    }

    public override async ValueTask<string> Wait(ModelWait wait, BodyWaits waits, TimeSpan? timeout) =>
        await waits.Of(() => _real.Wait(timeout, wait.Cancel.Token), () => _real.WaitAsync(timeout, wait.Cancel.Token)) ? "true" : "timeout";

    public override void Begin(ModelWait wait)
    {
        if (_isSet)
            wait.Expected = "true";
        else
            Waiting.Add(wait);
    }

    public override void Check() => Assert.Equal(_isSet, _real.IsSet);
}
