namespace GreenletBridge;

/// <summary>Settings of a pool of carrier threads.</summary>
public sealed class CarrierOptions
{
    /// <summary>How many carriers may be busy before blocking work that has not begun must wait.</summary>
    /// <value>1 to 20,000; the default is 1,000. Work that has begun is never held back by it.</value>
    public int Max { get; set; } = 1_000;

    /// <summary>How many carriers may exist at all; past it, spawning a blocking greenlet fails.</summary>
    /// <value>At least <see cref="Max"/>, at most 30,000; the default is 10,000. Some 20,000 threads end a usual Linux process.</value>
    public int HardMax { get; set; } = 10_000;

    /// <summary>The stack size of a carrier.</summary>
    /// <value>Bytes; 0 (the default) is what the runtime gives its pool threads, else 65,536 to 1,073,741,824. Only touched pages cost memory.</value>
    public int StackSize { get; set; }

    /// <summary>How long a carrier idles before its thread ends.</summary>
    /// <value>From 10 ms to 1 day; the default is 30 s. Each started hub keeps one carrier regardless.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Called on a carrier that returns to the pool: the place to clear thread-static leftovers of user code.</summary>
    /// <value>Null by default. Must neither block nor throw; what it throws is ignored.</value>
    public Action? OnCarrierReturned { get; set; }

    /// <summary>The values as they are now: what is changed afterwards changes no pool.</summary>
    internal CarrierOptions Copy() => (CarrierOptions)MemberwiseClone();

    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    internal void Validate()
    {
        Check(Max is >= 1 and <= 20_000, nameof(Max), Max, "1 to 20,000");
        Check(HardMax >= Max && HardMax <= 30_000, nameof(HardMax), HardMax, $"Max ({Max}) to 30,000");
        Check(StackSize is 0 or (>= 65_536 and <= 1_073_741_824), nameof(StackSize), StackSize, "0, or 65,536 to 1,073,741,824 bytes");
        Check(IdleTimeout >= TimeSpan.FromMilliseconds(10) && IdleTimeout <= TimeSpan.FromDays(1), nameof(IdleTimeout), IdleTimeout, "10 ms to 1 day");
    }

    private static void Check(bool ok, string name, object value, string range)
    {
        if (!ok)
            throw new ArgumentOutOfRangeException(name, value, $"CarrierOptions.{name} must be {range}.");
    }
}
