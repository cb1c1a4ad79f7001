using Dapper;

namespace WebApi.Features;

/// <summary>Reads of the orders: blocking, and one of them awaited as well.</summary>
internal sealed class OrderQueries(OrderDatabase database, TimeProvider? time = null)
{
    private const string ById = "SELECT id, customer, article, quantity, cents, placed_at AS PlacedAt FROM orders WHERE id = @id";

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    public Order? Find(int id)
    {
        using var connection = database.Open();
        return connection.QuerySingleOrDefault<Order>(ById, new { id });
    }

    public async Task<Order?> FindAsync(int id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Order>(new CommandDefinition(ById, new { id }, cancellationToken: cancellationToken));
    }

    /// <summary>All orders, read as they are taken.</summary>
    public IEnumerable<Order> All()
    {
        using var connection = database.Open();
        foreach (var order in connection.Query<Order>("SELECT id, customer, article, quantity, cents, placed_at AS PlacedAt FROM orders ORDER BY id", buffered: false))
        {
            yield return order;
        }
    }

    public IEnumerable<DayRevenue> RevenuePerDay(int days)
    {
        using var connection = database.Open();
        var from = DateTime.SpecifyKind(_time.GetUtcNow().UtcDateTime.Date.AddDays(1 - days), DateTimeKind.Unspecified);
        return connection.Query<DayRevenue>(
            """
            SELECT CAST(date(placed_at) AS text) AS day, count(*) AS orders, CAST(sum(cents) AS bigint) AS cents
            FROM orders WHERE placed_at >= @from
            GROUP BY date(placed_at) ORDER BY 1
            """,
            new { from });
    }
}
