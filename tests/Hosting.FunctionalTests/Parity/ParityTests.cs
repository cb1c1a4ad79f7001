using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting.FunctionalTests.Parity;

/// <summary>A legacy controller answers the same, whether its actions run in greenlets or not.</summary>
public class ParityTests
{
    // A difference that is one stays one; what depends on timing shows itself soon
    private const int Attempts = 100;

    private static readonly string[] _statuses =
    [
        "200", "201", "202", "204", "206", "301", "302", "304", "400", "401", "403", "404", "405", "409", "410", "412", "413", "415", "416", "418", "422",
        "429", "500", "503", "broken off",
    ];

    [Theory]
    [InlineData(1, HubLoop.Threads)]
    [InlineData(2, HubLoop.Threads)]
    [InlineData(1, HubLoop.Scheduler)]
    public async Task Suite_BridgedAndNot_AnswersTheSame(int protocol, HubLoop loop)
    {
        await using var plain = await StartAsync(loop, bridged: false);
        await using var bridged = await StartAsync(loop, bridged: true);
        var different = new List<string>();
        var statuses = new HashSet<string>(StringComparer.Ordinal);

        foreach (var request in Suite.Requests)
        {
            var actual = await AnswerAsync(bridged, request, protocol);
            var expected = await PlainAnswerAsync(plain, request, protocol, actual);
            statuses.Add(expected.Split('\n')[0]);
            if (expected != actual)
            {
                different.Add($"{request()}\n--- plain\n{expected}\n--- bridged\n{actual}");
            }
        }

        Assert.True(different.Count == 0, string.Join("\n\n", different));
        Assert.InRange(Suite.Requests.Count, 100, int.MaxValue);
        // Every error path: whatever the framework answers by itself and the controller can
        Assert.Empty(_statuses.Except(statuses));
    }

    /// <summary>What the plain controller answers: if it has several answers, the one that was given by the bridged one.</summary>
    /// <remarks>A body that is refused while it is still being sent may cost the connection and the answer with it, and whether an empty body over HTTP/2 is one depends on when its end comes.</remarks>
    private static async Task<string> PlainAnswerAsync(TestApp plain, Func<HttpRequestMessage> request, int protocol, string bridged)
    {
        var answer = await AnswerAsync(plain, request, protocol);
        for (var attempt = 1; attempt < Attempts && answer != bridged; attempt++)
            answer = await AnswerAsync(plain, request, protocol);
        return answer;
    }

    private static async Task<string> AnswerAsync(TestApp app, Func<HttpRequestMessage> make, int protocol)
    {
        using var request = make();
        request.Version = app.ClientOf(protocol).DefaultRequestVersion;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        try
        {
            using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
            using var client = new HttpClient(handler) { BaseAddress = app.ClientOf(protocol).BaseAddress };
            using var response = await Deadline.For(client.SendAsync(request, TestContext.Current.CancellationToken), $"the answer of {request}", app.Logs.ToString);
            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var headers = response.Headers.Concat(response.Content.Headers)
                .Where(static header => header.Key != "Date")
                .Select(header => $"{header.Key}: {string.Join(", ", header.Value).Replace(Authority(app, protocol), "server", StringComparison.Ordinal)}")
                .Order(StringComparer.Ordinal);
            return $"{(int)response.StatusCode}\n{string.Join('\n', headers)}\n\n{WithoutTrace(body)}";
        }
        catch (HttpRequestException exception)
        {
            return $"broken off\n{exception.HttpRequestError}";
        }
    }

    private static string Authority(TestApp app, int protocol) => app.ClientOf(protocol).BaseAddress!.Authority;

    private static string WithoutTrace(string body)
    {
        if (!body.StartsWith('{'))
            return body;
        try
        {
            var problem = JsonNode.Parse(body)!.AsObject();
            problem.Remove("traceId");
            return problem.ToJsonString();
        }
        catch (JsonException)
        {
            return body;
        }
    }

    private static Task<TestApp> StartAsync(HubLoop loop, bool bridged) => TestApp.StartAsync(
        app =>
        {
            app.UseExceptionHandler();
            app.UseStatusCodePages();
            app.UseRequestLocalization(static options => options.AddSupportedCultures("en-US", "de-DE", "fr-FR").AddSupportedUICultures("en-US", "de-DE", "fr-FR"));
            app.UseAuthentication();
            app.UseAuthorization();
            var controllers = app.MapControllers();
            if (bridged)
            {
                controllers.RunInGreenlet();
            }
        },
        static builder =>
        {
            builder.Services.AddProblemDetails().AddHttpContextAccessor().AddAuthorization();
            builder.Services.Configure<ExceptionHandlerOptions>(static options =>
                options.StatusCodeSelector = static exception => (exception as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError);
            builder.Services.AddAuthentication(SuiteUsers.Name).AddScheme<AuthenticationSchemeOptions, SuiteUsers>(SuiteUsers.Name, null);
            builder.Services.AddControllers().AddApplicationPart(typeof(SuiteController).Assembly)
                .ConfigureApplicationPartManager(static parts => parts.FeatureProviders.Add(new OnlyController<SuiteController>()));
            builder.Logging.AddFilter("Microsoft", LogLevel.None);
        },
        ("GreenletBridge:Requests:Loop", loop.ToString()));
}
