using System.Collections.Concurrent;
using System.ComponentModel;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace GreenletBridge.FastMode;

/// <summary>What woven code calls in place of the blocking calls of <see cref="HttpClient"/>.</summary>
/// <remarks>Only where all handlers do the same in both forms: one that has only one of them would be passed over in the other.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class HttpWaits
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
    private static readonly ConcurrentDictionary<Type, bool> _hasBoth = new();

    /// <summary>As <see cref="HttpClient.Send(HttpRequestMessage)"/>.</summary>
    [Replaces(typeof(HttpClient), nameof(HttpClient.Send))]
    public static HttpResponseMessage Send(HttpClient client, HttpRequestMessage request, WovenStack stack) =>
        MayWait(client, stack) ? CallWaits.Await(client.SendAsync(request, stack.BeginCall()), stack) : client.Send(request);

    /// <summary>As <see cref="HttpClient.Send(HttpRequestMessage, HttpCompletionOption)"/>.</summary>
    [Replaces(typeof(HttpClient), nameof(HttpClient.Send))]
    public static HttpResponseMessage Send(HttpClient client, HttpRequestMessage request, HttpCompletionOption completionOption, WovenStack stack) =>
        MayWait(client, stack) ? CallWaits.Await(client.SendAsync(request, completionOption, stack.BeginCall()), stack) : client.Send(request, completionOption);

    /// <summary>As <see cref="HttpMessageInvoker.Send(HttpRequestMessage, CancellationToken)"/>, which compilers call for that of <see cref="HttpClient"/>.</summary>
    [Replaces(typeof(HttpClient), nameof(HttpClient.Send))]
    [Replaces(typeof(HttpMessageInvoker), nameof(HttpMessageInvoker.Send))]
    public static HttpResponseMessage Send(HttpMessageInvoker client, HttpRequestMessage request, CancellationToken cancellationToken, WovenStack stack) =>
        // What derives may have but one of both
        (client?.GetType() == typeof(HttpClient) || client?.GetType() == typeof(HttpMessageInvoker)) && MayWait(client, stack)
            ? TaskWaits.Await(client.SendAsync(request, cancellationToken), stack)
            : client!.Send(request, cancellationToken);

    /// <summary>As <see cref="HttpClient.Send(HttpRequestMessage, HttpCompletionOption, CancellationToken)"/>.</summary>
    [Replaces(typeof(HttpClient), nameof(HttpClient.Send))]
    public static HttpResponseMessage Send(
        HttpClient client, HttpRequestMessage request, HttpCompletionOption completionOption, CancellationToken cancellationToken, WovenStack stack) =>
        MayWait(client, stack)
            ? TaskWaits.Await(client.SendAsync(request, completionOption, cancellationToken), stack)
            : client.Send(request, completionOption, cancellationToken);

    private static bool MayWait(HttpMessageInvoker client, WovenStack stack) => client is not null && CallWaits.MayWait(stack) && AreFaithful(HandlerOf(client));

    private static bool AreFaithful(HttpMessageHandler? handler)
    {
        for (; handler is DelegatingHandler outer; handler = outer.InnerHandler)
        {
            if (!_hasBoth.GetOrAdd(outer.GetType(), HasBothOrNone))
                return false;
        }

        return handler is SocketsHttpHandler || handler?.GetType() == typeof(HttpClientHandler);
    }

    private static bool HasBothOrNone(Type type) => Overrides(type, "Send") == Overrides(type, "SendAsync");

    private static bool Overrides(Type type, string name) =>
        type.GetMethod(name, Own, [typeof(HttpRequestMessage), typeof(CancellationToken)])?.DeclaringType is { } declaring
        && declaring != typeof(DelegatingHandler);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_handler")]
    private static extern ref HttpMessageHandler HandlerField(HttpMessageInvoker client);

    private static HttpMessageHandler? HandlerOf(HttpMessageInvoker client)
    {
        try
        {
            return HandlerField(client);
        }
        catch (MissingFieldException)
        {
            // Another runtime than those that were looked at: nothing is known of its handlers.
            return null;
        }
    }
}
