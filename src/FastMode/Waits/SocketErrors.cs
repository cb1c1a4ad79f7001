using System.Net.Sockets;

namespace GreenletBridge.FastMode;

/// <summary>Has async calls fail as the plain ones do when somebody closes their socket meanwhile: of that they tell by another error.</summary>
internal static class SocketErrors
{
    internal static Task<T> AsPlain<T>(ValueTask<T> call, SocketError closed) => AsPlain(call.AsTask(), closed);

    internal static Task<T> AsPlain<T>(Task<T> call, SocketError closed = SocketError.ConnectionAborted) => call.IsCompletedSuccessfully ? call : AsPlainLater(call, closed);

    internal static Task AsPlain(Task call) => call.IsCompletedSuccessfully ? call : AsPlainLater(call);

    private static async Task<T> AsPlainLater<T>(Task<T> call, SocketError closed)
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (Exception e) when (IsAborted(e))
        {
            throw Plain(e, closed);
        }
    }

    private static async Task AsPlainLater(Task call)
    {
        try
        {
            await call.ConfigureAwait(false);
        }
        catch (Exception e) when (IsAborted(e))
        {
            throw Plain(e, SocketError.ConnectionAborted);
        }
    }

    private static bool IsAborted(Exception error) => (error as SocketException ?? (error as IOException)?.InnerException as SocketException)?.SocketErrorCode == SocketError.OperationAborted;

    private static Exception Plain(Exception error, SocketError closed)
    {
        var plain = new SocketException((int)closed);
        return error is IOException { InnerException: { } inner } ? new IOException(error.Message.Replace(inner.Message, plain.Message, StringComparison.Ordinal), plain) : plain;
    }
}
