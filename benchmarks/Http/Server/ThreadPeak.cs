namespace GreenletBridge.Benchmarks.Http;

/// <summary>Counts the threads of another process, ten times a second, and keeps the most.</summary>
internal sealed class ThreadPeak : IDisposable
{
    private readonly int _processId;
    private readonly Timer _timer;
    private int _most;

    public ThreadPeak(int processId)
    {
        _processId = processId;
        _timer = new Timer(_ => Look(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
    }

    /// <summary>The most that were seen so far.</summary>
    public int Most => Volatile.Read(ref _most);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        try
        {
            Volatile.Write(ref _most, Math.Max(Most, Directory.GetDirectories($"/proc/{_processId}/task").Length));
        }
        catch (DirectoryNotFoundException)
        {
            // It has ended.
        }
    }
}
