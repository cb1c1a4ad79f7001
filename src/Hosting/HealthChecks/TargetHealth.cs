using System.Diagnostics.CodeAnalysis;

namespace GreenletBridge.Hosting;

/// <summary>Whether a group or hub takes requests: those that come, and those that wait and have not begun, are refused while it is lost.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without timer or handle holds nothing, and a request may come while the host is disposed.")]
internal sealed class TargetHealth
{
    private readonly Lock _lock = new();
    private volatile CancellationTokenSource _lost = new();

    public bool IsLost => _lost.IsCancellationRequested;

    /// <summary>Whether it is lost for good.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Cancelled when it is lost; another one once it is back.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Sets whether it is lost.</summary>
    /// <param name="isLost">Whether.</param>
    /// <param name="forGood">Whether nothing brings it back: it stops.</param>
    public void Set(bool isLost, bool forGood = false)
    {
        CancellationTokenSource lost;
        lock (_lock)
        {
            IsOver |= forGood;
            lost = _lost;
            if (!isLost && !IsOver && lost.IsCancellationRequested)
            {
                _lost = new CancellationTokenSource();
            }
        }

        if (isLost)
        {
            lost.Cancel();
        }
    }
}
