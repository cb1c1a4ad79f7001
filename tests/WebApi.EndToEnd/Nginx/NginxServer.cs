using System.Diagnostics;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using GreenletBridge.TestSupport;

namespace WebApi.EndToEnd.Nginx;

/// <summary>A real nginx, on a socket in a folder of its own, set up as docs/health.md shows.</summary>
internal sealed partial class NginxServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nginx").FullName;
    private readonly Process _process;

    public NginxServer(Uri first, Uri second)
    {
        var path = Path.Combine(_folder, "nginx.conf");
        File.WriteAllText(path, Configuration(first, second));
        _process = Process.Start(new ProcessStartInfo(Program()!, ["-p", _folder, "-c", path, "-e", "stderr"]) { RedirectStandardError = true })!;
    }

    private string Socket => Path.Combine(_folder, "nginx.sock");

    /// <summary>Where it is installed; null where it is not.</summary>
    public static string? Program() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin")
            .Select(folder => Path.Combine(folder, "nginx"))
            .FirstOrDefault(File.Exists);

    public async Task<HttpClient> ConnectAsync()
    {
        // Its file is there before anybody listens
        await Deadline.Until(Listens, "nginx's socket", () => _process.HasExited ? _process.StandardError.ReadToEnd() : "nginx runs");
        return new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://nginx") };
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await Deadline.For(_process.WaitForExitAsync(), "the end of nginx");
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex(@"^```nginx\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    private bool Listens()
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(Socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // max_fails=0: nginx would leave a refusing instance alone for some seconds, and this is about what it gets when it does not
    private string Configuration(Uri first, Uri second)
    {
        var documented = Block().Match(File.ReadAllText(Repository.PathOf("docs/health.md"))).Groups["text"].Value;
        var servers = documented
            .Replace("10.0.0.1:5000", $"{first.Authority} max_fails=0", StringComparison.Ordinal)
            .Replace("10.0.0.2:5000", $"{second.Authority} max_fails=0", StringComparison.Ordinal)
            .Replace("listen 80;", $"listen unix:{Socket};", StringComparison.Ordinal);
        Assert.Contains(first.Authority, servers, StringComparison.Ordinal);
        Assert.Contains(Socket, servers, StringComparison.Ordinal);
        return $$"""
            daemon off;
            user root;
            worker_processes 1;
            pid nginx.pid;
            events { worker_connections 256; }
            http {
                access_log off;
                client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                {{servers}}
            }
            """;
    }
}
