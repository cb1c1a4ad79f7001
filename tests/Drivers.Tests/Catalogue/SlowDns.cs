using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace GreenletBridge.Drivers.Tests.Catalogue;

/// <summary>A name server that answers nobody until it is let go, for the threads that ask for it.</summary>
/// <remarks>
/// The system reads whom to ask from <c>/etc/resolv.conf</c>. A thread can have another file there than the rest of the process: one that it
/// mounts in a mount namespace of its own, which takes root.
/// </remarks>
internal sealed partial class SlowDns : IDisposable
{
    private const int NewMountNamespace = 0x20000;
    private const ulong Bind = 0x1000;
    private const ulong Private = 0x40000;
    private const ulong Recursive = 0x4000;

    private readonly string _settings = Path.GetTempFileName();
    private readonly UdpClient _server;
    private volatile bool _answers;

    public SlowDns()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && GetUser() == 0, "To have a name server of its own, a thread needs Linux and root.");
        var address = new IPAddress([127, 53, (byte)Random.Shared.Next(256), (byte)Random.Shared.Next(1, 255)]);
        _server = new UdpClient(new IPEndPoint(address, 53));
        File.WriteAllText(_settings, $"nameserver {address}\noptions timeout:30 attempts:1\n");
        new Thread(Serve) { IsBackground = true, Name = "slow DNS" }.Start();
    }

    /// <summary>On the thread that asks: a name that this server alone could know.</summary>
    public void Resolve()
    {
        Check(Unshare(NewMountNamespace));
        Check(Mount("none", "/", null, Recursive | Private, 0));
        Check(Mount(_settings, "/etc/resolv.conf", null, Bind, 0));
        var error = Assert.Throws<SocketException>(static () => Dns.GetHostAddresses("slow.example"));
        Assert.Equal(SocketError.HostNotFound, error.SocketErrorCode);
    }

    /// <summary>It answers from now on.</summary>
    public void Answer() => _answers = true;

    public void Dispose()
    {
        _server.Dispose();
        File.Delete(_settings);
    }

    private static void Check(int result) =>
        Assert.SkipWhen(result != 0, $"This machine gives a thread no mount namespace of its own (error {Marshal.GetLastPInvokeError()}).");

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial int GetUser();

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string? type, ulong flags, nint data);

    private void Serve()
    {
        try
        {
            while (true)
            {
                var from = new IPEndPoint(IPAddress.Any, 0);
                var query = _server.Receive(ref from);
                if (query.Length == 0)
                    return;
                Deadline.Wait(() => _answers, "the name server's turn");
                // A response; no such name
                query[2] |= 0x80;
                query[3] = 0x83;
                _server.Send(query, from);
            }
        }
        catch (SocketException)
        {
            // Disposed while it waited
        }
        catch (ObjectDisposedException)
        {
            // Disposed before it waited
        }
    }
}
