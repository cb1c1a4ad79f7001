using GreenletBridge.EntityFrameworkCore;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Entity Framework Core in greenlets.</summary>
public static class GreenletDbContextOptionsExtensions
{
    /// <summary>When a greenlet is killed, the command that it waits for is cancelled on the server, and the connection stays whole.</summary>
    /// <remarks>For every provider whose commands can be cancelled. Where no greenlet runs, nothing changes.</remarks>
    /// <param name="options">The options of a context.</param>
    /// <returns><paramref name="options"/>, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public static DbContextOptionsBuilder AddGreenletCancellation(this DbContextOptionsBuilder options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.AddInterceptors(CommandCancellation.Instance);
    }

    /// <inheritdoc cref="AddGreenletCancellation(DbContextOptionsBuilder)"/>
    /// <typeparam name="TContext">The context.</typeparam>
    public static DbContextOptionsBuilder<TContext> AddGreenletCancellation<TContext>(this DbContextOptionsBuilder<TContext> options)
        where TContext : DbContext
    {
        AddGreenletCancellation((DbContextOptionsBuilder)options);
        return options;
    }
}
