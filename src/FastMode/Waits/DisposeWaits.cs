using System.ComponentModel;
using System.Data.Common;

namespace GreenletBridge.FastMode;

/// <summary>What woven code calls in place of <see cref="IDisposable.Dispose"/>, which the end of a using statement is.</summary>
/// <remarks>Code that is woven itself runs so; what belongs to a database is disposed in its async form, if that is as much its own as the other. All else as it is.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class DisposeWaits
{
    /// <summary>As <see cref="IDisposable.Dispose"/>.</summary>
    [Replaces(typeof(IDisposable), nameof(IDisposable.Dispose), MayLeadAnywhere = true)]
    public static unsafe void Dispose(IDisposable disposable, WovenStack stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        if (disposable is not null && DisposeForm.Of(disposable.GetType()) is { IsPlain: false } form)
        {
            if (form.Twin is { } twin)
            {
                // The object is its method's first argument; whoever called this has a frame of its own
                ((delegate*<object, WovenStack, Frame?, void>)twin.Address)(disposable, stack, null);
                return;
            }

            if (stack.CanSuspend)
            {
                CallWaits.Await(((IAsyncDisposable)disposable).DisposeAsync().AsTask(), stack);
                return;
            }
        }

        disposable!.Dispose();
    }

    /// <summary>As <see cref="Component.Dispose()"/>, by which connections and commands are disposed.</summary>
    [Replaces(typeof(Component), nameof(Component.Dispose), MayLeadAnywhere = true)]
    public static void Dispose(Component component, WovenStack stack) => Dispose((IDisposable)component, stack);

    /// <summary>As <see cref="DbTransaction.Dispose()"/>.</summary>
    [Replaces(typeof(DbTransaction), nameof(DbTransaction.Dispose), MayLeadAnywhere = true)]
    public static void Dispose(DbTransaction transaction, WovenStack stack) => Dispose((IDisposable)transaction, stack);

    /// <summary>As <see cref="DbDataReader.Dispose()"/>.</summary>
    [Replaces(typeof(DbDataReader), nameof(DbDataReader.Dispose), MayLeadAnywhere = true)]
    public static void Dispose(DbDataReader reader, WovenStack stack) => Dispose((IDisposable)reader, stack);
}
