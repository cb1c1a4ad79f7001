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
    private const string BrokenOff = "broken off";
    private const int Attempts = 10;

    private static readonly string[] _statuses =
    [
        "200", "201", "202", "204", "206", "301", "302", "304", "400", "401", "403", "404", "405", "409", "410", "412", "413", "415", "416", "418", "422",
        "429", "500", "503", BrokenOff,
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
            var (expected, actual) = await AnswersAsync(plain, bridged, request, protocol);
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

    private static async Task<(string Plain, string Bridged)> AnswersAsync(TestApp plain, TestApp bridged, Func<HttpRequestMessage> request, int protocol)
    {
        // A body that is refused while it is still being sent costs the connection, and sometimes the answer with it: that is TCP, plain as bridged.
        for (var attempt = 1; ; attempt++)
        {
            var answers = (Plain: await AnswerAsync(plain, request, protocol), Bridged: await AnswerAsync(bridged, request, protocol));
            if (attempt == Attempts || IsBrokenOff(answers.Plain) == IsBrokenOff(answers.Bridged))
                return answers;
        }
    }

    private static bool IsBrokenOff(string answer) => answer.StartsWith(BrokenOff, StringComparison.Ordinal);

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
            return $"{BrokenOff}\n{exception.HttpRequestError}";
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
