using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace GreenletBridge.Hosting;

/// <summary>A stream of items of one type.</summary>
internal sealed class HubStream<T> : HubStream
{
    public override object InGreenlet(object items, Func<Func<Task>, CancellationToken, Task> run) => ProduceAsync((IAsyncEnumerable<T>)items, run, CancellationToken.None);

    // One greenlet from the first item to the last, one item ahead of the client at most
    private static async IAsyncEnumerable<T> ProduceAsync(
        IAsyncEnumerable<T> items, Func<Func<Task>, CancellationToken, Task> run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var produced = EndAsync(run(() => WriteAsync(items, channel.Writer, left.Token), left.Token), channel.Writer);
        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(CancellationToken.None))
            {
                yield return item;
            }
        }
        finally
        {
            // The method's scope is disposed after this: not before its greenlet has ended
            await left.CancelAsync();
            await produced;
        }
    }

    private static async Task WriteAsync(IAsyncEnumerable<T> items, ChannelWriter<T> writer, CancellationToken left)
    {
        await foreach (var item in items.WithCancellation(left))
        {
            await writer.WriteAsync(item, left);
        }
    }

    private static async Task EndAsync(Task greenlet, ChannelWriter<T> writer)
    {
        try
        {
            await greenlet;
            writer.Complete();
        }
        catch (Exception exception)
        {
            writer.Complete(exception);
        }
    }
}
