using System.IO.Compression;
using System.IO.Pipes;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace GreenletBridge.FastMode;

/// <summary>Which streams do the same in their async form.</summary>
/// <remarks>
/// Those of the framework that were looked at, by their exact type, and only as far as it is known what they read from. Of any other the async form may wait where the
/// plain call throws, as a request's body does, or know no timeout, or call the plain one.
/// </remarks>
internal static class StreamForm
{
    // Each wraps another one
    private const int Deepest = 8;

    /// <summary>Whether its reads are to be made in their async form.</summary>
    internal static bool Reads(Stream? stream) => stream is not null && Of(stream, writes: false, Deepest) == StreamKind.Waits;

    /// <summary>Whether its writes are.</summary>
    internal static bool Writes(Stream? stream) => stream is not null && Of(stream, writes: true, Deepest) == StreamKind.Waits;

    /// <summary>Whether what is copied from one to the other is to be copied in the async form.</summary>
    internal static bool Copies(Stream? from, Stream? to)
    {
        if (from is null || to is null)
            return false;
        var source = Of(from, writes: false, Deepest);
        var target = Of(to, writes: true, Deepest);
        return source != StreamKind.Unknown && target != StreamKind.Unknown && (source == StreamKind.Waits || target == StreamKind.Waits);
    }

    private static StreamKind Of(Stream? stream, bool writes, int depth)
    {
        var type = stream?.GetType();
        if (type is null || depth == 0)
            return StreamKind.Unknown;
        if (type == typeof(MemoryStream))
            return StreamKind.InMemory;
        if (type == typeof(FileStream))
            return StreamKind.Waits;
        if (type == typeof(NetworkStream))
            return IsPatient((NetworkStream)stream!, writes) ? StreamKind.Waits : StreamKind.Unknown;
        if (type == typeof(AnonymousPipeClientStream) || type == typeof(AnonymousPipeServerStream) || type == typeof(NamedPipeClientStream) || type == typeof(NamedPipeServerStream))
            return StreamKind.Waits;
        if (InnerOf(stream!, type) is { } inner)
            return Of(inner, writes, depth - 1);
        return IsOfHttp(type) ? StreamKind.Waits : StreamKind.Unknown;
    }

    private static Stream? InnerOf(Stream stream, Type type)
    {
        if (type == typeof(BufferedStream))
            return ((BufferedStream)stream).UnderlyingStream;
        if (type == typeof(GZipStream))
            return ((GZipStream)stream).BaseStream;
        if (type == typeof(DeflateStream))
            return ((DeflateStream)stream).BaseStream;
        if (type == typeof(ZLibStream))
            return ((ZLibStream)stream).BaseStream;
        if (type == typeof(BrotliStream))
            return ((BrotliStream)stream).BaseStream;
        return type == typeof(SslStream) ? InnerStream((SslStream)stream) : null;
    }

    /// <summary>Whether a plain call would wait for as long as it takes: the async form knows no timeout and always waits.</summary>
    private static bool IsPatient(NetworkStream stream, bool writes)
    {
        try
        {
            return stream.Socket.Blocking && (writes ? stream.WriteTimeout : stream.ReadTimeout) == Timeout.Infinite;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Whether it is the body of an answer that is read as it comes, by HTTP/1.1 or 2.</summary>
    internal static bool IsOfHttp(Type type)
    {
        if (type.Assembly != typeof(HttpClient).Assembly)
            return false;
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (t.FullName == "System.Net.Http.HttpBaseStream")
                return true;
        }

        return false;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InnerStream")]
    private static extern Stream InnerStream(AuthenticatedStream stream);
}
