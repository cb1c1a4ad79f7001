using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace GreenletBridge.Hosting.FunctionalTests.Parity;

/// <summary>A legacy controller: blocking code with every way to answer and to fail.</summary>
[ApiController]
[Route("suite")]
public class SuiteController(IHttpContextAccessor accessor) : ControllerBase
{
    private static readonly DateTimeOffset _changed = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [HttpGet("text")]
    public string Text() => Blocked("text");

    [HttpGet("json/{id:int}")]
    public ActionResult<Order> Json(int id) => id == 404 ? NotFound() : id == 409 ? Conflict(Blocked("taken")) : new Order { Id = id, Name = Blocked("named") };

    [HttpPost("order")]
    public IActionResult Create(Order order) => CreatedAtAction(nameof(Json), new { id = order.Id }, new Order { Id = order.Id, Name = Blocked(order.Name!) });

    [HttpPut("order/{id:int}")]
    public IActionResult Replace(int id, Order order) => id == order.Id ? NoContent() : BadRequest(Blocked("other id"));

    [HttpDelete("order/{id:int}")]
    public IActionResult Delete(int id) => StatusCode(id == 1 ? 410 : 202, Blocked("deleted"));

    [HttpPost("form")]
    public string Form([FromForm] Order order) => Blocked($"{order.Id} {order.Name}");

    [HttpPost("upload")]
    [RequestSizeLimit(5_000)]
    public string Upload(IFormFile file) => Blocked($"{file.FileName} {file.Length}");

    [HttpGet("query")]
    public string Query([FromQuery] int number, [FromHeader(Name = "X-Name")] string? name, DateOnly? day) => Blocked($"{number} {name} {day}");

    [HttpGet("user")]
    [Authorize]
    public string Who() => Blocked(User.Identity!.Name!);

    [HttpGet("admin")]
    [Authorize(Roles = "admin")]
    public string Admin() => Blocked("admin");

    [HttpGet("throw/{kind}")]
    public string Throw(string kind)
    {
        Blocked(kind);
        throw kind switch
        {
            "argument" => new ArgumentException("an argument is wrong"),
            "canceled" => new OperationCanceledException("given up"),
            "task" => new TaskCanceledException("a task was given up"),
            "timeout" => new TimeoutException("too late"),
            "bad" => new BadHttpRequestException("bad", StatusCodes.Status418ImATeapot),
            "aggregate" => new AggregateException(new InvalidDataException("inner")),
            _ => new InvalidOperationException($"{kind} failed"),
        };
    }

    [HttpGet("throw-late")]
    public async Task ThrowLate()
    {
        Response.ContentType = "text/plain";
        await Response.WriteAsync("begun");
        await Response.Body.FlushAsync();
        throw new InvalidOperationException(Blocked("late"));
    }

    [HttpGet("result-throws")]
    public object ResultThrows() => new { Broken = Enumerable.Range(0, 3).Select(static number => number < 2 ? number : throw new InvalidDataException("lazy")) };

    [HttpGet("file")]
    public IActionResult Bytes() =>
        File(Encoding.UTF8.GetBytes(Blocked(new string('x', 1000))), "text/plain", "x.txt", _changed, new EntityTagHeaderValue("\"v1\""), enableRangeProcessing: true);

    [HttpGet("stream")]
    public async IAsyncEnumerable<int> Numbers()
    {
        for (var i = 0; i < 5; i++)
        {
            await Task.Yield();
            Blocked("");
            yield return i;
        }
    }

    [HttpGet("redirect")]
    public IActionResult Away(bool permanent) => permanent ? RedirectPermanent("/suite/text") : RedirectToAction(nameof(Text));

    [HttpGet("cookie")]
    public string Cookie()
    {
        Response.Cookies.Append("last", Blocked("crumb"), new CookieOptions { HttpOnly = true, MaxAge = TimeSpan.FromHours(1) });
        return Request.Cookies["last"] ?? "none";
    }

    [HttpGet("culture")]
    public string Culture() => Blocked(1234.5.ToString("N1", CultureInfo.CurrentCulture)) + CultureInfo.CurrentUICulture.Name;

    [HttpGet("accessor")]
    public string Accessor() => Blocked(accessor.HttpContext!.Request.Path) + accessor.HttpContext!.Request.QueryString;

    [HttpGet("status/{code:int}")]
    public IActionResult Status(int code)
    {
        Response.Headers["X-Code"] = Blocked(code.ToString(CultureInfo.InvariantCulture));
        return StatusCode(code);
    }

    [HttpGet("problem")]
    public IActionResult Refused() => Problem(Blocked("no"), statusCode: 422, title: "refused");

    [HttpPost("read")]
    [RequestSizeLimit(50)]
    public async Task<string> Read()
    {
        using var reader = new StreamReader(Request.Body);
        return Blocked(await reader.ReadToEndAsync());
    }

    // Waits as legacy code does: for a task
    private static string Blocked(string value) => Task.Run(() => value).Result;
}
