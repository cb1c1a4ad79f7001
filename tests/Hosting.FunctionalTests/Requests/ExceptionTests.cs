using System.Net;
using System.Text.Json.Nodes;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting.FunctionalTests.Requests;

public class ExceptionTests
{
    [Theory]
    [InlineData(false, false, false)]
    [InlineData(false, false, true)]
    [InlineData(false, true, false)]
    [InlineData(false, true, true)]
    [InlineData(true, false, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    [InlineData(true, true, true)]
    public async Task Throw_InAGreenlet_AnswersAndLogsAsWithoutOne(bool isAsync, bool hasExceptionHandler, bool isCancellation)
    {
        Exception MakeException() => isCancellation ? new OperationCanceledException("given up") : new InvalidDataException("the order is broken");
        var plain = new Thrower(MakeException);
        var bridged = new Thrower(MakeException);
        await using var app = await TestApp.StartAsync(
            app =>
            {
                if (hasExceptionHandler)
                {
                    app.UseExceptionHandler();
                }

                app.MapGet("/plain", isAsync ? plain.ThrowAsync : plain.Throw);
                app.MapGet("/bridged", isAsync ? bridged.ThrowAsync : bridged.Throw).RunInGreenlet();
            },
            builder => builder.Services.AddProblemDetails());

        var plainAnswer = await AnswerAsync(app, "/plain");
        var bridgedAnswer = await AnswerAsync(app, "/bridged");

        Assert.Equal(HttpStatusCode.InternalServerError, plainAnswer.Status);
        Assert.Equal(plainAnswer, bridgedAnswer);
        var errors = app.Logs.Entries.Where(entry => entry.Level >= LogLevel.Error).ToList();
        Assert.Equal(2, errors.Count);
        Assert.Same(plain.Thrown, errors[0].Exception);
        Assert.Same(bridged.Thrown, errors[1].Exception);
        Assert.Equal(errors[0].Category, errors[1].Category);
        Assert.Equal(errors[0].EventId, errors[1].EventId);
        Assert.Equal(Thrower.Frames(plain.Thrown!), Thrower.Frames(bridged.Thrown!));
        Assert.NotEmpty(Thrower.Frames(plain.Thrown!));
    }

    // Answers differ in the id of their trace and, where there is one, of their connection
    private static async Task<(HttpStatusCode Status, string? Type, string Body)> AnswerAsync(TestApp app, string path)
    {
        using var response = await Deadline.For(app.Client.GetAsync(path, TestContext.Current.CancellationToken), $"the answer of {path}");
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (body.Length > 0 && JsonNode.Parse(body) is JsonObject problem)
        {
            problem.Remove("traceId");
            body = problem.ToJsonString();
        }

        return (response.StatusCode, response.Content.Headers.ContentType?.ToString(), body);
    }
}
