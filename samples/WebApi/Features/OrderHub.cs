using Microsoft.AspNetCore.SignalR;

namespace WebApi.Features;

/// <summary>A SignalR hub whose methods read the database synchronously.</summary>
public sealed class OrderHub : Hub
{
    /// <summary>Customer of an order; tells everybody that somebody asked.</summary>
    public string CustomerOf(int orderId)
    {
        var order = Context.GetHttpContext()!.RequestServices.GetRequiredService<OrderQueries>().Find(orderId)
            ?? throw new HubException($"There is no order {orderId}.");

        // Async code waited for by blocking code: the hub is free meanwhile
        Clients.Others.SendAsync("asked", orderId).Wait();
        return order.Customer;
    }
}
