using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>One connection that asks one path again and again, blocking its thread: nothing else of the client delays it.</summary>
internal sealed class ProbeConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 60_000 };
    private readonly byte[] _request;
    private readonly byte[] _buffer = new byte[64 * 1024];

    public ProbeConnection(IPEndPoint endPoint, string path)
    {
        _request = RequestFor(endPoint, path);
        try
        {
            _socket.Connect(endPoint);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    public static byte[] RequestFor(IPEndPoint endPoint, string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {endPoint}\r\n\r\n");

    /// <summary>Sends the request and waits for the whole answer.</summary>
    /// <returns>The answer's status; 0 if the connection closed or the answer is no HTTP.</returns>
    public int Ask()
    {
        _socket.Send(_request);
        for (var received = 0; received < _buffer.Length;)
        {
            var count = _socket.Receive(_buffer.AsSpan(received));
            if (count == 0)
            {
                return 0;
            }

            received += count;
            if (HttpAnswer.IsWhole(_buffer.AsSpan(0, received), out var status, out _))
            {
                return status;
            }
        }

        return 0;
    }

    public void Dispose() => _socket.Dispose();
}
