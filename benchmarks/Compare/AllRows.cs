namespace GreenletBridge.Benchmarks.Compare;

/// <summary>Every row, in the order in which they are measured; those of a peer that is not installed are left out.</summary>
internal static class AllRows
{
    internal static IEnumerable<Row> Of(Hub hub, GeventPeer? gevent)
    {
        IEnumerable<Row> rows = [.. CoreRows.All(hub), .. ConversionRows.All(hub), .. HookRows.All(hub), .. CarrierRows.All(), .. ComputeRows.All(), .. TimerRows.All(hub)];
        return gevent is null
            ? rows
            : [.. rows, .. SwitchRows.All(hub, gevent), .. TimerRows.Against(hub, gevent), .. SynchronizationRows.All(hub, gevent), .. PoolRows.All(hub, gevent), .. FastModeRows.All(hub, gevent)];
    }
}
