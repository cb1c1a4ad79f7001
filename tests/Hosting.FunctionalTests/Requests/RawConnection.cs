using System.Net.Sockets;
using System.Text;
using GreenletBridge.TestSupport;

namespace GreenletBridge.Hosting.FunctionalTests.Requests;

/// <summary>One connection of HTTP/1.1, so that it is known which request follows which on it.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new();
    private readonly StreamReader _reader;

    public RawConnection(Uri server)
    {
        _client.Connect(server.Host, server.Port);
        _reader = new StreamReader(_client.GetStream(), Encoding.ASCII);
    }

    public async Task SendAsync(string path) =>
        await _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n"));

    /// <summary>Status line and body of the next answer; empty when the connection was closed.</summary>
    public Task<(string Status, string Body)> ReadAsync() => Deadline.For(ReadAnswerAsync(), "an answer on the connection");

    public void Dispose()
    {
        _reader.Dispose();
        _client.Dispose();
    }

    private async Task<(string Status, string Body)> ReadAnswerAsync()
    {
        var status = await ReadLineAsync();
        var length = 0;
        var chunked = false;
        for (var line = await ReadLineAsync(); line.Length > 0; line = await ReadLineAsync())
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            {
                length = int.Parse(line.AsSpan(15));
            }

            chunked |= line.StartsWith("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase);
        }

        var body = new StringBuilder();
        if (!chunked)
        {
            body.Append(await ReadTextAsync(length));
        }

        while (chunked)
        {
            var size = Convert.ToInt32(await ReadLineAsync(), 16);
            body.Append(await ReadTextAsync(size));
            await ReadLineAsync();
            chunked = size > 0;
        }

        return (status, body.ToString());
    }

    private async Task<string> ReadTextAsync(int length)
    {
        var text = new char[length];
        await _reader.ReadBlockAsync(text);
        return new string(text);
    }

    private async Task<string> ReadLineAsync()
    {
        try
        {
            return await _reader.ReadLineAsync() ?? "";
        }
        catch (IOException)
        {
            // Aborted by the server
            return "";
        }
    }
}
