using System.Globalization;

namespace WebApi.Features;

/// <summary>A handler of the old kind: reads the request and writes the response synchronously, one row after the other.</summary>
internal sealed class ExportHandler(OrderQueries orders)
{
    public void ProcessRequest(HttpContext context)
    {
        context.Response.ContentType = "text/csv";
        using var writer = new StreamWriter(context.Response.Body);
        writer.WriteLine("id,customer,article,quantity,cents,placed_at");
        foreach (var order in orders.All())
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{order.Id},{order.Customer},{order.Article},{order.Quantity},{order.Cents},{order.PlacedAt:yyyy-MM-dd HH:mm:ss}"));
        }
    }
}
