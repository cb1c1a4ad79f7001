using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace WebApi.Features;

/// <summary>Orders of the shop, read with a synchronous driver, in greenlets.</summary>
internal static class OrderEndpoints
{
    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        var legacy = app.MapGroup("/legacy").RunInGreenlet();
        legacy.MapGet("/orders/{id}", Find);
        legacy.MapGet("/report", Report);
    }

    private static Results<Ok<Order>, ProblemHttpResult> Find(int id, OrderQueries orders) =>
        orders.Find(id) is { } order
            ? TypedResults.Ok(order)
            : TypedResults.Problem($"There is no order {id}.", statusCode: StatusCodes.Status404NotFound);

    private static IEnumerable<DayRevenue> Report(OrderQueries orders, [Range(1, 365)] int days = 30) => orders.RevenuePerDay(days);
}
