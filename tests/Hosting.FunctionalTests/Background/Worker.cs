namespace GreenletBridge.Hosting.FunctionalTests.Background;

/// <summary>A service that works until it is stopped, or waits for ever.</summary>
internal sealed class Worker(IGreenletBridge bridge, WorkerOrders orders) : GreenletBackgroundService(bridge)
{
    protected override bool KillOnStop => orders.KillOnStop;

    protected override void Execute(CancellationToken stoppingToken)
    {
        orders.Hub = WhereAmI.Hub();
        orders.Begun.SetResult();
        try
        {
            if (orders.Throws)
                throw new InvalidDataException("the work is broken");
            if (orders.HeedsToken)
            {
                stoppingToken.WaitHandle.WaitOne();
            }
            else
            {
                new TaskCompletionSource().Task.Wait(CancellationToken.None);
            }

            orders.Returned = true;
        }
        finally
        {
            orders.Ended.SetResult();
        }
    }
}
