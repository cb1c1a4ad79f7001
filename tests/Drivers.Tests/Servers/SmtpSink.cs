using System.Collections.Concurrent;

namespace GreenletBridge.Drivers.Tests.Servers;

/// <summary>Takes every mail.</summary>
internal sealed class SmtpSink : LineServer
{
    public SmtpSink(bool isOpen)
    {
        if (isOpen)
            Open();
    }

    /// <summary>What came, header and body.</summary>
    public ConcurrentQueue<string> Mails { get; } = new();

    protected override async Task ServeAsync(StreamReader reader, StreamWriter writer)
    {
        await writer.WriteLineAsync("220 sink");
        while (await reader.ReadLineAsync() is { } line)
        {
            switch (line.Split(' ')[0].ToUpperInvariant())
            {
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    await TakeAsync(reader);
                    await Opened;
                    await writer.WriteLineAsync("250 taken");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 ok");
                    break;
            }
        }
    }

    private async Task TakeAsync(StreamReader reader)
    {
        var mail = new List<string>();
        while (await reader.ReadLineAsync() is { } line and not ".")
            mail.Add(line);
        Mails.Enqueue(string.Join('\n', mail));
    }
}
