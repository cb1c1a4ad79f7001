using System.Reflection;

namespace GreenletBridge.Hosting;

/// <summary>What a method of a SignalR hub streams to its client.</summary>
internal abstract class HubStream
{
    /// <summary>Of a method that gives an <see cref="IAsyncEnumerable{T}"/>, also as a Task's result; null of others.</summary>
    public static HubStream? Of(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>)))
        {
            type = type.GetGenericArguments()[0];
        }

        var stream = type.GetInterfaces().Prepend(type).FirstOrDefault(static one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));
        return stream is null ? null : (HubStream)Activator.CreateInstance(typeof(HubStream<>).MakeGenericType(stream.GetGenericArguments()))!;
    }

    /// <summary>The same items, produced in a greenlet.</summary>
    /// <param name="items">What the method gave.</param>
    /// <param name="run">Runs code in a greenlet that is killed when the token is cancelled.</param>
    public abstract object InGreenlet(object items, Func<Func<Task>, CancellationToken, Task> run);
}
