namespace System.Net.Sockets;

/// <summary>Plain sockets in greenlets.</summary>
public static class GreenletSocketExtensions
{
    /// <summary>Makes the synchronous calls of a socket cooperative and killable: other greenlets run while it connects, accepts, receives or sends, and a kill ends the wait.</summary>
    /// <remarks>
    /// One asynchronous operation that moves no byte. After any such operation .NET keeps the socket non-blocking in the system for
    /// good, and its synchronous calls wait in .NET, where a hub sees it; semantics, timeouts and errors stay the same. Sockets that were
    /// used asynchronously before, as those of HttpClient and Npgsql, need no call. Any thread; not while a call on the socket waits already.
    /// </remarks>
    /// <param name="socket">Connected, bound or new, of any protocol: <c>client.Client</c> of a TcpClient or UdpClient, <c>listener.Server</c> of a TcpListener.</param>
    /// <returns><paramref name="socket"/>, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="socket"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public static Socket MakeCooperative(this Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        // Peeks, so that no byte or datagram is taken, should one have come already; what it ends with tells nothing
        using var cancellation = new CancellationTokenSource();
        var peek = socket.ReceiveAsync(new byte[1], SocketFlags.Peek, cancellation.Token);
        cancellation.Cancel();
        _ = peek.AsTask().ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return socket;
    }
}
