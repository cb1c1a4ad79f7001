using System.Net;
using System.Net.Sockets;

namespace GreenletBridge.Drivers.Tests.Servers;

/// <summary>A server that speaks in lines, to any number of clients, and gives its last answer when it is told to.</summary>
internal abstract class LineServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected LineServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    protected Task Opened => _open.Task;

    public void Open() => _open.TrySetResult();

    public virtual void Dispose()
    {
        Open();
        _listener.Dispose();
    }

    protected abstract Task ServeAsync(StreamReader reader, StreamWriter writer);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            using var reader = new StreamReader(client.GetStream());
            using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
            try
            {
                await ServeAsync(reader, writer);
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
            {
                // The client was killed
            }
        }
    }
}
