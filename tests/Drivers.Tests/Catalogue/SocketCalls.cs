using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;
using GreenletBridge.Core.Tests.Blocking;

namespace GreenletBridge.Drivers.Tests.Catalogue;

/// <summary>Sockets and named pipes, as they come and made cooperative.</summary>
internal static class SocketCalls
{
    private const string MakeIt = "`socket.MakeCooperative()`";
    private const string Nothing = "nothing to do";

    internal static IReadOnlyList<CallUnderTest> All { get; } =
    [
        new("`NetworkStream.Read`, `Socket.Receive`", () => Receive(false), OthersRun.WhenFoundBlocked, false, MakeIt),
        new("the same, made cooperative", () => Receive(true), OthersRun.AtOnce, true, Nothing),
        new("`NetworkStream.Write`, `Socket.Send`", () => Send(false), OthersRun.WhenFoundBlocked, false, MakeIt),
        new("the same, made cooperative", () => Send(true), OthersRun.AtOnce, true, Nothing),
        new("`TcpListener.AcceptTcpClient`, `Socket.Accept`", () => Accept(false), OthersRun.WhenFoundBlocked, false, MakeIt),
        new("the same, made cooperative", () => Accept(true), OthersRun.AtOnce, true, "the accepted socket is plain again"),
        new("`TcpClient.Connect`, `Socket.Connect`", () => Connect(false), OthersRun.WhenFoundBlocked, false, MakeIt + " before"),
        new("the same, made cooperative", () => Connect(true), OthersRun.AtOnce, true, Nothing),
        new("`UdpClient.Receive`, `Socket.ReceiveFrom`", () => Datagram(false), OthersRun.WhenFoundBlocked, false, MakeIt),
        new("the same, made cooperative", () => Datagram(true), OthersRun.AtOnce, true, Nothing),
        new("`Socket.Poll`, `Socket.Select`", Poll, OthersRun.WhenFoundBlocked, false, "a cooperative `Receive` with a `ReceiveTimeout`"),
        new("reading a named pipe", () => NamedPipe(PipeOptions.None), OthersRun.WhenFoundBlocked, false, "`PipeOptions.Asynchronous` changes nothing; `Greenlet.Await(pipe.ReadAsync(…))`"),
        new("`NamedPipeClientStream.Connect` before there is a server", NamedPipeConnect, OthersRun.WhenFoundBlocked, true, "`Greenlet.Await(pipe.ConnectAsync())`"),
    ];

    private static BlockingScene Receive(bool cooperative)
    {
        var (client, server) = Pair();
        Prepare(client.Client, cooperative);
        return Scenes.Of(() => Assert.Equal(7, client.GetStream().ReadByte()), () => server.GetStream().WriteByte(7), client, server);
    }

    private static BlockingScene Send(bool cooperative)
    {
        var (client, server) = Pair();
        Prepare(client.Client, cooperative);
        var more = new byte[16 << 20];
        return Scenes.Of(() => client.GetStream().Write(more), () => _ = Task.Run(() => server.GetStream().ReadExactly(new byte[more.Length])), client, server);
    }

    private static BlockingScene Accept(bool cooperative)
    {
        var listener = Listen();
        Prepare(listener.Server, cooperative);
        var client = new TcpClient();
        return Scenes.Of(() => listener.AcceptTcpClient().Dispose(), () => _ = client.ConnectAsync((IPEndPoint)listener.LocalEndpoint), client, listener);
    }

    private static BlockingScene Connect(bool cooperative)
    {
        // The system answers nobody whom the listener has no room for
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var waiting = new List<Socket>();
        do
        {
            waiting.Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false });
        }
        while (IsAnswered(waiting[^1], listener.LocalEndPoint!));

        var client = new TcpClient(AddressFamily.InterNetwork);
        Prepare(client.Client, cooperative);
        var scene = Scenes.Of(
            () => client.Connect((IPEndPoint)listener.LocalEndPoint!),
            () => _ = Task.Run(() =>
            {
                for (var i = 0; i < waiting.Count; i++)
                    _ = listener.AcceptAsync();
            }),
            client,
            listener);
        waiting.ForEach(other => scene.Own(other));
        return scene;
    }

    // The kernel alone is asked: a Task of the connection would also wait for a pool thread, and a busy pool then looks like a full listener
    private static bool IsAnswered(Socket socket, EndPoint endPoint)
    {
        try
        {
            socket.Connect(endPoint);
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
        }

        return socket.Poll(TimeSpan.FromMilliseconds(300), SelectMode.SelectWrite);
    }

    private static BlockingScene Datagram(bool cooperative)
    {
        var receiver = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        Prepare(receiver.Client, cooperative);
        var sender = new UdpClient();
        return Scenes.Of(
            () =>
            {
                var from = new IPEndPoint(IPAddress.Any, 0);
                Assert.Equal([7], receiver.Receive(ref from));
            },
            () => sender.Send([7], (IPEndPoint)receiver.Client.LocalEndPoint!),
            receiver,
            sender);
    }

    private static BlockingScene Poll()
    {
        var (client, server) = Pair();
        return Scenes.Of(() => Assert.True(client.Client.Poll(-1, SelectMode.SelectRead)), () => server.GetStream().WriteByte(7), client, server);
    }

    private static BlockingScene NamedPipe(PipeOptions options)
    {
        var name = $"gb-{Guid.NewGuid():N}";
        var server = new NamedPipeServerStream(name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, options);
        var client = new NamedPipeClientStream(".", name, PipeDirection.InOut, options);
        client.Connect();
        server.WaitForConnection();
        return Scenes.Of(() => Assert.Equal(7, client.ReadByte()), () => server.WriteByte(7), client, server);
    }

    private static BlockingScene NamedPipeConnect()
    {
        var name = $"gb-{Guid.NewGuid():N}";
        var client = new NamedPipeClientStream(name);
        NamedPipeServerStream? server = null;
        var scene = Scenes.Of(client.Connect, () => server = new NamedPipeServerStream(name), client);
        scene.Own(new Owner(() => server?.Dispose()));
        return scene;
    }

    private static void Prepare(Socket socket, bool cooperative)
    {
        if (cooperative)
            Assert.Same(socket, socket.MakeCooperative());
    }

    private static (TcpClient Client, TcpClient Server) Pair()
    {
        using var listener = Listen();
        var client = new TcpClient();
        client.Connect((IPEndPoint)listener.LocalEndpoint);
        return (client, listener.AcceptTcpClient());
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }
}
