using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>One open connection of a burst: its receive is under way before the burst begins, so that release is one send.</summary>
internal sealed class BurstConnection : IDisposable
{
    private readonly IPEndPoint _endPoint;
    private readonly byte[] _buffer = new byte[4096];
    private readonly Lock _lock = new();
    private SocketAsyncEventArgs _receive = new();
    private Socket? _socket;
    private CountdownEvent? _left;
    private int _received;

    public BurstConnection(IPEndPoint endPoint) => _endPoint = endPoint;

    /// <summary>Timestamp of the answer's last byte, or of the loss.</summary>
    public long EndedAt { get; private set; }

    /// <summary>Timestamp of the request.</summary>
    public long SentAt { get; private set; }

    /// <summary>The answer's status; 0 while there is none and if the connection was lost.</summary>
    public int Status { get; private set; }

    /// <summary>Connects if needed and begins to receive. The answer or the loss signals <paramref name="left"/>, once.</summary>
    public void Prepare(CountdownEvent left)
    {
        if (_socket is null)
        {
            _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            _socket.Connect(_endPoint);

            // The lost connection's receive may still be on its way back: it must not meet this one's.
            _receive = new SocketAsyncEventArgs();
            _receive.Completed += (_, ended) => OnReceived(ended);
        }

        lock (_lock)
        {
            _left = left;
            Status = 0;
            EndedAt = 0;
            _received = 0;
        }

        Receive();
    }

    public void Send(byte[] request)
    {
        SentAt = Stopwatch.GetTimestamp();
        try
        {
            _socket?.Send(request);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            End(0);
        }
    }

    /// <summary>Gives up waiting: an answer that comes later no longer counts.</summary>
    public void GiveUp() => End(0);

    /// <summary>The last answer's body as text.</summary>
    public string ReadBody() => HttpAnswer.ReadBody(_buffer.AsSpan(0, _received));

    public void Dispose()
    {
        _socket?.Dispose();
        _receive.Dispose();
    }

    private void Receive()
    {
        // True: OnReceived will be called.
        while (!TryReceive())
        {
            if (!Take())
            {
                return;
            }
        }
    }

    private bool TryReceive()
    {
        if (_socket is not { } socket)
        {
            return true;
        }

        try
        {
            _receive.SetBuffer(_buffer, _received, _buffer.Length - _received);
            return socket.ReceiveAsync(_receive);
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    private void OnReceived(SocketAsyncEventArgs ended)
    {
        if (ReferenceEquals(ended, _receive) && Take())
        {
            Receive();
        }
    }

    /// <summary>Takes what one receive brought.</summary>
    /// <returns>True if more must come.</returns>
    private bool Take()
    {
        if (_receive.SocketError != SocketError.Success || _receive.BytesTransferred == 0)
        {
            End(0);
            return false;
        }

        _received += _receive.BytesTransferred;
        if (HttpAnswer.IsWhole(_buffer.AsSpan(0, _received), out var status, out _))
        {
            End(status);
            return false;
        }

        if (_received == _buffer.Length)
        {
            End(0);
            return false;
        }

        return true;
    }

    private void End(int status)
    {
        CountdownEvent? left;
        lock (_lock)
        {
            left = _left;
            _left = null;
            if (left is null)
            {
                return;
            }

            EndedAt = Stopwatch.GetTimestamp();
            Status = status;
            if (status == 0)
            {
                // The next round opens another.
                _socket?.Dispose();
                _socket = null;
            }
        }

        left.Signal();
    }
}
