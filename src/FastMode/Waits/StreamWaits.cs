using System.ComponentModel;

namespace GreenletBridge.FastMode;

/// <summary>What woven code calls in place of the blocking calls of streams.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class StreamWaits
{
    // As CopyTo takes it
    private const int DefaultSize = 81_920;

    /// <summary>As <see cref="Stream.Read(byte[], int, int)"/>.</summary>
    [Replaces(typeof(Stream), nameof(Stream.Read), MayLeadAnywhere = true)]
    public static int Read(Stream stream, byte[] buffer, int offset, int count, WovenStack stack) => CallWaits.MayWait(stack) && StreamForm.Reads(stream)
        ? CallWaits.Await(SocketErrors.AsPlain(stream.ReadAsync(buffer, offset, count, stack.BeginCall())), stack)
        : stream.Read(buffer, offset, count);

    /// <summary>As <see cref="Stream.ReadExactly(byte[], int, int)"/>.</summary>
    [Replaces(typeof(Stream), nameof(Stream.ReadExactly), MayLeadAnywhere = true)]
    public static void ReadExactly(Stream stream, byte[] buffer, int offset, int count, WovenStack stack)
    {
        if (CallWaits.MayWait(stack) && StreamForm.Reads(stream))
            CallWaits.Await(SocketErrors.AsPlain(stream.ReadExactlyAsync(buffer, offset, count, stack.BeginCall()).AsTask()), stack);
        else
            stream.ReadExactly(buffer, offset, count);
    }

    /// <summary>As <see cref="Stream.Write(byte[], int, int)"/>.</summary>
    [Replaces(typeof(Stream), nameof(Stream.Write), MayLeadAnywhere = true)]
    public static void Write(Stream stream, byte[] buffer, int offset, int count, WovenStack stack)
    {
        if (CallWaits.MayWait(stack) && StreamForm.Writes(stream))
            CallWaits.Await(SocketErrors.AsPlain(stream.WriteAsync(buffer, offset, count, TokenFor(stream, stack))), stack);
        else
            stream.Write(buffer, offset, count);
    }

    /// <summary>As <see cref="Stream.Write(ReadOnlySpan{byte})"/>.</summary>
    [Replaces(typeof(Stream), nameof(Stream.Write), MayLeadAnywhere = true)]
    public static void Write(Stream stream, ReadOnlySpan<byte> buffer, WovenStack stack)
    {
        // The span may lie on the thread's stack
        if (CallWaits.MayWait(stack) && StreamForm.Writes(stream))
            CallWaits.Await(SocketErrors.AsPlain(stream.WriteAsync(buffer.ToArray(), TokenFor(stream, stack)).AsTask()), stack);
        else
            stream.Write(buffer);
    }

    /// <summary>As <see cref="Stream.Flush"/>.</summary>
    [Replaces(typeof(Stream), nameof(Stream.Flush), MayLeadAnywhere = true)]
    public static void Flush(Stream stream, WovenStack stack)
    {
        if (CallWaits.MayWait(stack) && StreamForm.Writes(stream))
            CallWaits.Await(SocketErrors.AsPlain(stream.FlushAsync(TokenFor(stream, stack))), stack);
        else
            stream.Flush();
    }

    /// <summary>As <see cref="Stream.CopyTo(Stream)"/>.</summary>
    [Replaces(typeof(Stream), nameof(Stream.CopyTo), MayLeadAnywhere = true)]
    public static void CopyTo(Stream stream, Stream destination, WovenStack stack)
    {
        if (CallWaits.MayWait(stack) && StreamForm.Copies(stream, destination))
            CallWaits.Await(SocketErrors.AsPlain(Copy(stream, destination, DefaultSize, stack.BeginCall())), stack);
        else
            stream.CopyTo(destination);
    }

    /// <summary>As <see cref="Stream.CopyTo(Stream, int)"/>.</summary>
    [Replaces(typeof(Stream), nameof(Stream.CopyTo), MayLeadAnywhere = true)]
    public static void CopyTo(Stream stream, Stream destination, int bufferSize, WovenStack stack)
    {
        if (bufferSize > 0 && CallWaits.MayWait(stack) && StreamForm.Copies(stream, destination))
            CallWaits.Await(SocketErrors.AsPlain(Copy(stream, destination, bufferSize, stack.BeginCall())), stack);
        else
            stream.CopyTo(destination, bufferSize);
    }

    private static Task Copy(Stream stream, Stream destination, int bufferSize, CancellationToken token) =>
        StreamForm.IsOfHttp(stream.GetType()) ? CopyByReading(stream, destination, bufferSize, token) : stream.CopyToAsync(destination, bufferSize, token);

    // An answer's own async form tells of an early end in other words
    private static async Task CopyByReading(Stream stream, Stream destination, int bufferSize, CancellationToken token)
    {
        var buffer = new byte[bufferSize];
        int read;
        while ((read = await stream.ReadAsync(buffer, token).ConfigureAwait(false)) > 0)
            await destination.WriteAsync(buffer.AsMemory(0, read), token).ConfigureAwait(false);
    }

    /// <summary>What a kill cancels a write by: one to a file is let go on to its end, as it is by the plain call.</summary>
    internal static CancellationToken TokenFor(Stream stream, WovenStack stack) => stream is FileStream ? CancellationToken.None : stack.BeginCall();
}
