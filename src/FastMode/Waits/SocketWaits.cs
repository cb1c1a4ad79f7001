using System.ComponentModel;
using System.Net.Sockets;

namespace GreenletBridge.FastMode;

/// <summary>What woven code calls in place of the blocking calls of <see cref="Socket"/>.</summary>
/// <remarks>The async forms know no timeouts, and always wait: a socket that has a timeout, or is not to block, is used as it is.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SocketWaits
{
    /// <summary>As <see cref="Socket.Accept"/>.</summary>
    [Replaces(typeof(Socket), nameof(Socket.Accept))]
    public static Socket Accept(Socket socket, WovenStack stack) =>
        CallWaits.MayWait(stack) && IsPatient(socket, SocketOptionName.ReceiveTimeout) ? CallWaits.Await(SocketErrors.AsPlain(socket.AcceptAsync(stack.BeginCall()), SocketError.Interrupted), stack) : socket.Accept();

    /// <summary>As <see cref="TcpListener.AcceptSocket"/>.</summary>
    [Replaces(typeof(TcpListener), nameof(TcpListener.AcceptSocket))]
    public static Socket AcceptSocket(TcpListener listener, WovenStack stack) =>
        CallWaits.MayWait(stack) && IsPatient(listener) ? CallWaits.Await(SocketErrors.AsPlain(listener.AcceptSocketAsync(stack.BeginCall()), SocketError.Interrupted), stack) : listener.AcceptSocket();

    /// <summary>As <see cref="TcpListener.AcceptTcpClient"/>.</summary>
    [Replaces(typeof(TcpListener), nameof(TcpListener.AcceptTcpClient))]
    public static TcpClient AcceptTcpClient(TcpListener listener, WovenStack stack) =>
        CallWaits.MayWait(stack) && IsPatient(listener) ? CallWaits.Await(SocketErrors.AsPlain(listener.AcceptTcpClientAsync(stack.BeginCall()), SocketError.Interrupted), stack) : listener.AcceptTcpClient();

    /// <summary>As <see cref="Socket.Receive(byte[])"/>.</summary>
    [Replaces(typeof(Socket), nameof(Socket.Receive))]
    public static int Receive(Socket socket, byte[] buffer, WovenStack stack) => Receive(socket, buffer, SocketFlags.None, stack);

    /// <summary>As <see cref="Socket.Receive(byte[], SocketFlags)"/>.</summary>
    [Replaces(typeof(Socket), nameof(Socket.Receive))]
    public static int Receive(Socket socket, byte[] buffer, SocketFlags socketFlags, WovenStack stack) =>
        buffer is null ? socket.Receive(buffer!, socketFlags) : Receive(socket, buffer, 0, buffer.Length, socketFlags, stack);

    /// <summary>As <see cref="Socket.Receive(byte[], int, SocketFlags)"/>.</summary>
    [Replaces(typeof(Socket), nameof(Socket.Receive))]
    public static int Receive(Socket socket, byte[] buffer, int size, SocketFlags socketFlags, WovenStack stack) => Receive(socket, buffer, 0, size, socketFlags, stack);

    /// <summary>As <see cref="Socket.Receive(byte[], int, int, SocketFlags)"/>.</summary>
    [Replaces(typeof(Socket), nameof(Socket.Receive))]
    public static int Receive(Socket socket, byte[] buffer, int offset, int size, SocketFlags socketFlags, WovenStack stack) =>
        CallWaits.MayWait(stack) && AreInside(buffer, offset, size) && IsPatient(socket, SocketOptionName.ReceiveTimeout)
            ? CallWaits.Await(SocketErrors.AsPlain(socket.ReceiveAsync(buffer.AsMemory(offset, size), socketFlags, stack.BeginCall()), SocketError.ConnectionAborted), stack)
            : socket.Receive(buffer, offset, size, socketFlags);

    /// <summary>As <see cref="Socket.Send(byte[])"/>.</summary>
    [Replaces(typeof(Socket), nameof(Socket.Send))]
    public static int Send(Socket socket, byte[] buffer, WovenStack stack) => Send(socket, buffer, SocketFlags.None, stack);

    /// <summary>As <see cref="Socket.Send(byte[], SocketFlags)"/>.</summary>
    [Replaces(typeof(Socket), nameof(Socket.Send))]
    public static int Send(Socket socket, byte[] buffer, SocketFlags socketFlags, WovenStack stack) =>
        buffer is null ? socket.Send(buffer!, socketFlags) : Send(socket, buffer, 0, buffer.Length, socketFlags, stack);

    /// <summary>As <see cref="Socket.Send(byte[], int, SocketFlags)"/>.</summary>
    [Replaces(typeof(Socket), nameof(Socket.Send))]
    public static int Send(Socket socket, byte[] buffer, int size, SocketFlags socketFlags, WovenStack stack) => Send(socket, buffer, 0, size, socketFlags, stack);

    /// <summary>As <see cref="Socket.Send(byte[], int, int, SocketFlags)"/>.</summary>
    [Replaces(typeof(Socket), nameof(Socket.Send))]
    public static int Send(Socket socket, byte[] buffer, int offset, int size, SocketFlags socketFlags, WovenStack stack) =>
        CallWaits.MayWait(stack) && AreInside(buffer, offset, size) && IsPatient(socket, SocketOptionName.SendTimeout)
            ? CallWaits.Await(SocketErrors.AsPlain(socket.SendAsync(buffer.AsMemory(offset, size), socketFlags, stack.BeginCall()), SocketError.ConnectionAborted), stack)
            : socket.Send(buffer, offset, size, socketFlags);

    // What is wrong throws in the plain call, as it should
    private static bool AreInside(byte[] buffer, int offset, int size) => buffer is not null && offset >= 0 && size >= 0 && size <= buffer.Length - offset;

    private static bool IsPatient(TcpListener listener) => listener?.Server is { IsBound: true } server && IsPatient(server, SocketOptionName.ReceiveTimeout);

    private static bool IsPatient(Socket socket, SocketOptionName timeout)
    {
        try
        {
            return socket is { Blocking: true } && (timeout == SocketOptionName.SendTimeout ? socket.SendTimeout : socket.ReceiveTimeout) is 0 or Timeout.Infinite;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
