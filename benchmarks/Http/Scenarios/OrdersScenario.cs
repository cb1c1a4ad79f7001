using GreenletBridge.TestSupport;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>Real work: synchronous Dapper on PostgreSQL in greenlets against the same query written with await.</summary>
internal sealed class OrdersScenario : Scenario
{
    // As many as connections in the pool of Npgsql: what is measured is the way to the database, not the queue for a connection.
    private const int Connections = 64;

    public override string Name => "orders";

    public override ScenarioReport Run(BenchmarkOptions options)
    {
        if (!Wrk.IsThere || PostgresServer.Missing is not null)
        {
            return ScenarioReport.Failed(Name, PostgresServer.Missing ?? Wrk.Missing);
        }

        var report = SteadyLoadScenario.Report(options, Name, "Orders on PostgreSQL");
        var database = PostgresServer.StartAsync().GetAwaiter().GetResult();
        try
        {
            using var server = SampleServer.Start(options with { ServerVariables = [.. options.ServerVariables, new("ConnectionStrings__Orders", database.ConnectionString)] });
            SteadyLoadScenario.Compare(report, options, server, new SteadyPair(Connections, "/legacy/orders/42", "/async/orders/42", Rate: 0.95, P99: 1.15));
        }
        finally
        {
            database.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        return report;
    }
}
