namespace GreenletBridge.Hosting;

/// <summary>The response body of a synchronous handler: a switch point at each write once the client has gone.</summary>
/// <remarks>The server takes what is written to a client that has left and throws it away, at once: a handler that only writes would never wait, and a kill never reach it.</remarks>
internal sealed class LeavableStream(Stream inner, CancellationToken left) : Stream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void SetLength(long value) => inner.SetLength(value);

    public override void Write(byte[] buffer, int offset, int count)
    {
        inner.Write(buffer, offset, count);
        LeaveIfLeft();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        LeaveIfLeft();
    }

    public override void Flush()
    {
        inner.Flush();
        LeaveIfLeft();
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    private void LeaveIfLeft()
    {
        if (left.IsCancellationRequested && Greenlet.Current is not null)
        {
            Greenlet.Yield();
        }
    }
}
