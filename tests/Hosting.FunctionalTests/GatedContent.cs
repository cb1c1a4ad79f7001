using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace GreenletBridge.Hosting.FunctionalTests;

/// <summary>A JSON body of two parts, of which the second is sent when the gate is opened.</summary>
internal sealed class GatedContent : HttpContent
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _first;
    private readonly byte[] _second;

    public GatedContent(string first, string second)
    {
        _first = Encoding.UTF8.GetBytes(first);
        _second = Encoding.UTF8.GetBytes(second);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    public void Open() => _gate.SetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(_first);
        await stream.FlushAsync();
        await _gate.Task;
        await stream.WriteAsync(_second);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
