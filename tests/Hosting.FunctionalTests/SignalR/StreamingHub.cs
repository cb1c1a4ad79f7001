using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using GreenletHub = GreenletBridge.Hub;
using SignalRHub = Microsoft.AspNetCore.SignalR.Hub;

namespace GreenletBridge.Hosting.FunctionalTests.SignalR;

/// <summary>A hub whose methods stream blocking work.</summary>
public class StreamingHub(HubNotes notes) : SignalRHub
{
    public async IAsyncEnumerable<string> Count(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return $"{notes.Block()} {Greenlet.Current?.Id}";
            await Task.Yield();
        }
    }

    public async Task<IAsyncEnumerable<string>> CountLater(int count)
    {
        await Task.Yield();
        return Count(count);
    }

    [DisableGreenlet]
    public async IAsyncEnumerable<string> Off()
    {
        yield return WhereAmI.Hub();
        await Task.Yield();
    }

    public async IAsyncEnumerable<string> Endless([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            yield return "first";
            await Task.Yield();
            new TaskCompletionSource().Task.Wait(CancellationToken.None);
            yield return $"never {cancellationToken.IsCancellationRequested}";
        }
        finally
        {
            notes.StreamEnded.SetResult();
        }
    }

    public async IAsyncEnumerable<string> Fails()
    {
        yield return "first";
        await Task.Yield();
        throw new HubException($"failed on {notes.Block()}");
    }

    public ChannelReader<string> FromChannel()
    {
        var channel = Channel.CreateUnbounded<string>();
        GreenletHub.Current!.Spawn(() =>
        {
            channel.Writer.TryWrite(notes.Block());
            channel.Writer.Complete();
        });
        return channel.Reader;
    }
}
