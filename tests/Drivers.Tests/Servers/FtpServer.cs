using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GreenletBridge.Drivers.Tests.Servers;

/// <summary>Has one file, and passive transfers only.</summary>
internal sealed class FtpServer : LineServer
{
    internal const string Content = "hello";

    public Uri Address => new($"ftp://127.0.0.1:{Port}/file.txt");

    protected override async Task ServeAsync(StreamReader reader, StreamWriter writer)
    {
        using var data = new TcpListener(IPAddress.Loopback, 0);
        await writer.WriteLineAsync("220 ready");
        while (await reader.ReadLineAsync() is { } line)
        {
            switch (line.Split(' ')[0].ToUpperInvariant())
            {
                case "PASV":
                    data.Start();
                    var port = ((IPEndPoint)data.LocalEndpoint).Port;
                    await writer.WriteLineAsync($"227 Entering Passive Mode (127,0,0,1,{port >> 8},{port & 255})");
                    break;
                case "RETR":
                    await Opened;
                    await writer.WriteLineAsync("150 here it is");
                    using (var client = await data.AcceptTcpClientAsync())
                        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Content));
                    await writer.WriteLineAsync("226 sent");
                    break;
                case "USER":
                    await writer.WriteLineAsync("331 password");
                    break;
                case "PASS":
                    await writer.WriteLineAsync("230 in");
                    break;
                case "PWD":
                    await writer.WriteLineAsync("257 \"/\"");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("200 ok");
                    break;
            }
        }
    }
}
