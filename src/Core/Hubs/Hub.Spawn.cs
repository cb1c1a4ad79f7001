namespace GreenletBridge;

/// <content>Making and starting greenlets.</content>
public sealed partial class Hub
{
    /// <summary>Makes a greenlet of blocking code and starts it.</summary>
    /// <param name="body">What it runs; it may block as it likes.</param>
    /// <returns>The greenlet; it begins when the hub comes to it, never before the caller waits or returns if the caller is on this hub.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    /// <exception cref="HubStoppedException">The hub takes no more work.</exception>
    /// <exception cref="InvalidOperationException">Every carrier that <see cref="CarrierOptions.HardMax"/> allows is busy.</exception>
    public Greenlet Spawn(Action body) => Started(Create(body));

    /// <inheritdoc cref="Spawn(Action)"/>
    public Greenlet<T> Spawn<T>(Func<T> body) => Started(Create(body));

    /// <summary>Makes a greenlet of async code and starts it; it needs no thread while it awaits.</summary>
    /// <inheritdoc cref="Spawn(Action)" path="/param|/returns|/exception"/>
    public Greenlet Spawn(Func<Task> body) => Started(Create(body));

    /// <inheritdoc cref="Spawn(Func{Task})"/>
    public Greenlet<T> Spawn<T>(Func<Task<T>> body) => Started(Create(body));

    /// <summary>As <see cref="Spawn(Func{Task})"/>; work of a kind that has never blocked and is short may run on the calling thread before this returns.</summary>
    /// <param name="body">What it runs.</param>
    /// <param name="profile">The kind of work, the same object for all of its kind.</param>
    /// <inheritdoc cref="Spawn(Action)" path="/returns|/exception"/>
    public Greenlet SpawnInPlace(Func<Task> body, WorkProfile profile)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(profile);
        var greenlet = new Greenlet(this, AsyncBody.Instance, body) { Trust = profile.Trust };
        greenlet.StartInPlace();
        return greenlet;
    }

    /// <summary>Makes a greenlet of blocking code without starting it.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    public Greenlet Create(Action body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new Greenlet(this, BlockingBody.For(body), body);
    }

    /// <inheritdoc cref="Create(Action)"/>
    public Greenlet<T> Create<T>(Func<T> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new Greenlet<T>(this, BlockingBody<T>.For(body), body);
    }

    /// <summary>Makes a greenlet of async code without starting it.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    public Greenlet Create(Func<Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new Greenlet(this, AsyncBody.Instance, body);
    }

    /// <inheritdoc cref="Create(Func{Task})"/>
    public Greenlet<T> Create<T>(Func<Task<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new Greenlet<T>(this, AsyncBody<T>.Instance, body);
    }

    /// <summary>Makes a greenlet of blocking code and starts it when <paramref name="delay"/> has passed by the hub's clock.</summary>
    /// <inheritdoc cref="Spawn(Action)" path="/exception"/>
    public Greenlet SpawnLater(TimeSpan delay, Action body) => StartedLater(Create(body), delay);

    /// <inheritdoc cref="SpawnLater(TimeSpan, Action)"/>
    public Greenlet<T> SpawnLater<T>(TimeSpan delay, Func<T> body) => StartedLater(Create(body), delay);

    /// <summary>Makes a greenlet of async code and starts it when <paramref name="delay"/> has passed by the hub's clock.</summary>
    /// <inheritdoc cref="Spawn(Action)" path="/exception"/>
    public Greenlet SpawnLater(TimeSpan delay, Func<Task> body) => StartedLater(Create(body), delay);

    /// <inheritdoc cref="SpawnLater(TimeSpan, Func{Task})"/>
    public Greenlet<T> SpawnLater<T>(TimeSpan delay, Func<Task<T>> body) => StartedLater(Create(body), delay);

    void IGreenletTarget.Schedule(Greenlet greenlet)
    {
        greenlet.NeedsAdmission = greenlet.IsBlocking && !greenlet.IsChild;
        Dispatcher.Post(greenlet);
    }

    bool IGreenletTarget.TryRunInPlace(Greenlet greenlet) => Dispatcher.TryRunInPlace(greenlet);

    bool IGreenletTarget.TryStartDetached(Greenlet greenlet) => Dispatcher.TryStartDetached(greenlet);

    void IGreenletTarget.ThrowIfClosed(Greenlet greenlet) => ThrowIfClosed(greenlet);

    /// <summary>Work of the engine's or of begun greenlets: not held back by the cap, accepted while the hub drains.</summary>
    internal Greenlet StartInternal(Action code, string name)
    {
        var greenlet = new Greenlet(this, BlockingBody.Instance, code) { IsChild = true, RunsAtStop = true, Name = name };
        greenlet.StartEvenIfClosed();
        return greenlet;
    }

    internal void ThrowIfStopped()
    {
        if (Volatile.Read(ref _state) == Stopped)
            throw new HubStoppedException($"{this} has stopped and takes no more work: schedule it on a hub that runs.");
    }

    internal void ThrowIfClosed(Greenlet greenlet)
    {
        var state = Volatile.Read(ref _state);
        if (state is Stopped || (state == Stopping && !greenlet.IsChild))
            throw new HubStoppedException($"{this} {(state == Stopped ? "has stopped" : "stops")} and takes no more work: start work before the host shuts down, or on a hub that runs.");
        if (greenlet.IsBlocking && Carriers.IsExhausted)
        {
            throw new InvalidOperationException(
                $"All {Carriers.Options.HardMax} carriers that CarrierOptions.HardMax allows are busy, so {this} cannot take another blocking greenlet. "
                + "Look for what they wait for (hub.Snapshot()), or raise HardMax.");
        }
    }

    private static TGreenlet Started<TGreenlet>(TGreenlet greenlet)
        where TGreenlet : Greenlet
    {
        greenlet.Start();
        return greenlet;
    }

    private static TGreenlet StartedLater<TGreenlet>(TGreenlet greenlet, TimeSpan delay)
        where TGreenlet : Greenlet
    {
        greenlet.StartLater(delay);
        return greenlet;
    }
}
