using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace WebApi.EndToEnd;

public class BadInputTests
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Get_BadInput_IsAnsweredByAProblemDocument(string environment)
    {
        await using var shop = new Shop { EnvironmentName = environment };
        using var client = shop.NewClient();

        foreach (var path in (string[])["/legacy/wait", "/legacy/lock", "/legacy/sleep", "/legacy/http", "/legacy/busy", "/threadpool/wait", "/threadpool/sleep", "/async/sleep"])
        {
            await AssertProblemAsync(client, $"{path}?ms=abc", 400, "\"int ms\" from \"abc\"");
            await AssertProblemAsync(client, $"{path}?ms=60001", 400, "between 0 and 60000");
            await AssertProblemAsync(client, $"{path}?ms=-1", 400, "between 0 and 60000");
        }

        await AssertProblemAsync(client, "/legacy/report?days=abc", 400, "\"int days\" from \"abc\"");
        await AssertProblemAsync(client, "/legacy/report?days=0", 400, "between 1 and 365");
        await AssertProblemAsync(client, "/legacy/orders/abc", 400, "\"int id\" from \"abc\"");
        await AssertProblemAsync(client, "/legacy/orders/1000000", 404, "There is no order 1000000.");
        await AssertProblemAsync(client, "/async/orders/1000000", 404, "There is no order 1000000.");
        await AssertProblemAsync(client, "/no/such/path", 404, "Not Found");
    }

    private static async Task AssertProblemAsync(HttpClient client, string path, int status, string text)
    {
        using var response = await Shop.GetAsync(client, path);
        var problem = await response.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken);

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status, (int)problem!["status"]!);
        Assert.Contains(text, string.Join(' ', Texts(problem)), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => Texts(field.Value)),
        JsonArray items => items.SelectMany(Texts),
        JsonValue value => [value.ToString()],
        _ => [],
    };
}
