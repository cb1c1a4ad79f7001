using System.Net.Http.Headers;
using System.Text;

namespace GreenletBridge.Hosting.FunctionalTests.Parity;

/// <summary>The suite's requests: a hundred, every error path among them.</summary>
internal static class Suite
{
    public static IReadOnlyList<Func<HttpRequestMessage>> Requests { get; } = [.. All()];

    private static IEnumerable<Func<HttpRequestMessage>> All()
    {
        foreach (var path in (string[])[
            "text", "json/1", "json/404", "json/409", "json/x", "query?number=5", "query?number=x", "query", "query?number=1&day=2026-02-03", "query?number=1&day=32",
            "user", "admin", "throw/argument", "throw/canceled", "throw/task", "throw/timeout", "throw/bad", "throw/aggregate", "throw/other",
            "throw-late", "result-throws", "file", "stream", "redirect", "redirect?permanent=true", "redirect?permanent=x", "cookie", "culture", "culture?culture=de-DE",
            "culture?culture=xx", "accessor?a=b", "problem", "status/200", "status/204", "status/304", "status/400", "status/401", "status/403", "status/404",
            "status/409", "status/415", "status/429", "status/500", "status/503", "no/such/path", "order", "form", "upload", "read"])
        {
            yield return Get(path);
        }

        foreach (var path in (string[])["text", "json/1", "json/404", "file", "throw/other", "user", "no/such/path", "order"])
        {
            yield return Request(HttpMethod.Head, path);
        }

        foreach (var path in (string[])["text", "order", "no/such/path"])
        {
            yield return Request(HttpMethod.Options, path);
            yield return Request(HttpMethod.Patch, path);
            yield return Request(HttpMethod.Delete, path);
        }

        yield return With(Get("user"), "X-User", "ada");
        yield return With(Get("user"), "X-User", "broken");
        yield return With(Get("admin"), "X-User", "ada");
        yield return With(Get("admin"), "X-User", "admin");
        yield return With(Get("query?number=1"), "X-Name", "named");
        yield return With(Get("cookie"), "Cookie", "last=crumb");
        yield return With(Get("file"), "Range", "bytes=0-9");
        yield return With(Get("file"), "Range", "bytes=5000-6000");
        yield return With(Get("file"), "If-None-Match", "\"v1\"");
        yield return With(Get("file"), "If-Match", "\"v2\"");
        yield return With(Get("file"), "If-Modified-Since", "Fri, 02 Jan 2026 03:04:05 GMT");
        yield return With(Get("json/1"), "Accept", "application/xml");
        yield return With(Get("json/1"), "Accept", "text/plain");
        yield return With(Get("culture"), "Accept-Language", "fr-FR");
        yield return Request(HttpMethod.Delete, "order/1");
        yield return Request(HttpMethod.Delete, "order/2");
        yield return Request(HttpMethod.Delete, "order/x");
        yield return Post("order", """{ "id": 1, "name": "lamp" }""");
        yield return Post("order", """{ "id": 0, "name": "lamp" }""");
        yield return Post("order", """{ "id": 1 }""");
        yield return Post("order", """{ "id": 1, "name": "a name that is too long" }""");
        yield return Post("order", """{ "id": "x" }""");
        yield return Post("order", """{ "id": 1, """);
        yield return Post("order", "");
        yield return Post("order", """{ "id": 1, "name": "lamp" }""", "text/plain");
        yield return Post("order", new string(' ', 20_000));
        yield return Post("order/1", """{ "id": 1, "name": "lamp" }""", method: HttpMethod.Put);
        yield return Post("order/2", """{ "id": 1, "name": "lamp" }""", method: HttpMethod.Put);
        yield return Post("form", "Id=5&Name=rug", "application/x-www-form-urlencoded");
        yield return Post("form", "Id=x", "application/x-www-form-urlencoded");
        yield return Post("form", """{ "id": 1 }""");
        yield return Post("read", "as it is", "text/plain");
        yield return Post("read", new string('x', 100), "text/plain");
        yield return Upload(100);
        yield return Upload(10_000);
    }

    private static Func<HttpRequestMessage> Get(string path) => Request(HttpMethod.Get, path);

    private static Func<HttpRequestMessage> Request(HttpMethod method, string path) => () => new HttpRequestMessage(method, $"/suite/{path}");

    private static Func<HttpRequestMessage> With(Func<HttpRequestMessage> request, string header, string value) => () =>
    {
        var message = request();
        Assert.True(message.Headers.TryAddWithoutValidation(header, value));
        return message;
    };

    private static Func<HttpRequestMessage> Post(string path, string body, string type = "application/json", HttpMethod? method = null) => () =>
        new HttpRequestMessage(method ?? HttpMethod.Post, $"/suite/{path}") { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type)) };

    private static Func<HttpRequestMessage> Upload(int length) => () => new HttpRequestMessage(HttpMethod.Post, "/suite/upload")
    {
        Content = new MultipartFormDataContent("boundary") { { new ByteArrayContent(new byte[length]), "file", "a.bin" } },
    };
}
