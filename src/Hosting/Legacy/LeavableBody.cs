using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace GreenletBridge.Hosting;

/// <summary>A response's body whose stream notices that the client has left; all else is the server's own.</summary>
/// <remarks>To set <c>Response.Body</c> would put a buffering writer in the place of the server's, and what is in it when the body is set back is lost.</remarks>
internal sealed class LeavableBody(IHttpResponseBodyFeature inner, CancellationToken left) : IHttpResponseBodyFeature
{
    public Stream Stream { get; } = new LeavableStream(inner.Stream, left);

    public PipeWriter Writer => inner.Writer;

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        inner.SendFileAsync(path, offset, count, cancellationToken);

    public Task CompleteAsync() => inner.CompleteAsync();
}
