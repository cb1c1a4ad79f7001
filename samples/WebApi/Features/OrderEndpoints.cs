using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace WebApi.Features;

/// <summary>Orders of the shop, read with Dapper: synchronously in greenlets, and the same query written with <c>await</c>.</summary>
internal static class OrderEndpoints
{
    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        var legacy = app.MapGroup("/legacy").RunInGreenlet();
        legacy.MapGet("/orders/{id}", Find);
        legacy.MapGet("/report", Report);
        app.MapGet("/async/orders/{id}", FindAsync);
    }

    private static Results<Ok<Order>, ProblemHttpResult> Find(int id, OrderQueries orders) => Answer(id, orders.Find(id));

    private static async Task<Results<Ok<Order>, ProblemHttpResult>> FindAsync(int id, OrderQueries orders, CancellationToken cancellationToken) =>
        Answer(id, await orders.FindAsync(id, cancellationToken));

    private static Results<Ok<Order>, ProblemHttpResult> Answer(int id, Order? order) => order is not null
        ? TypedResults.Ok(order)
        : TypedResults.Problem($"There is no order {id}.", statusCode: StatusCodes.Status404NotFound);

    private static IEnumerable<DayRevenue> Report(OrderQueries orders, [Range(1, 365)] int days = 30) => orders.RevenuePerDay(days);
}
