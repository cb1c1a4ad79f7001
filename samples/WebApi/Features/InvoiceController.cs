using Microsoft.AspNetCore.Mvc;

namespace WebApi.Features;

/// <summary>A controller as legacy code has them: synchronous actions, a lock, a filter that blocks. All of it runs in greenlets.</summary>
[ApiController]
[Route("legacy/invoices")]
[AuditFilter]
public sealed class InvoiceController : ControllerBase
{
    private static readonly object _numberLock = new();
    private static int _lastNumber;

    /// <summary>Writes an invoice for an order.</summary>
    [HttpPost("{orderId:int}")]
    public ActionResult<Invoice> Create(int orderId)
    {
        if (Queries.Find(orderId) is not { } order)
            return Problem($"There is no order {orderId}.", statusCode: StatusCodes.Status404NotFound);

        lock (_numberLock)
        {
            // A number service that takes its time
            Task.Delay(2).Wait();
            return Created($"/legacy/orders/{orderId}", new Invoice(++_lastNumber, order.Customer, order.Cents));
        }
    }

    // The sample's types are internal, so no constructor of a public class can name them
    private OrderQueries Queries => HttpContext.RequestServices.GetRequiredService<OrderQueries>();
}
