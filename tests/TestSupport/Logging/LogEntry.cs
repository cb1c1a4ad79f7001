using Microsoft.Extensions.Logging;

namespace GreenletBridge.TestSupport;

/// <summary>One log entry as the logger received it.</summary>
/// <param name="Category">The logger's category.</param>
/// <param name="Level">The entry's level.</param>
/// <param name="EventId">The entry's number and name.</param>
/// <param name="Message">The formatted text.</param>
/// <param name="Exception">The exception logged, the same object.</param>
/// <param name="State">The named values of the template, <c>{OriginalFormat}</c> among them; empty if the state has none.</param>
/// <param name="Scopes">The scopes that were open, outermost first; of one that is a list of pairs, the pairs.</param>
public sealed record LogEntry(
    string Category,
    LogLevel Level,
    EventId EventId,
    string Message,
    Exception? Exception,
    IReadOnlyList<KeyValuePair<string, object?>> State,
    IReadOnlyList<object?> Scopes)
{
    /// <summary>The template's value of that name.</summary>
    /// <param name="name">The placeholder's name.</param>
    /// <returns>Null if there is none.</returns>
    public object? this[string name] => State.FirstOrDefault(pair => pair.Key == name).Value;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Level} {Category}[{EventId.Id} {EventId.Name}] {Message}{(Exception is null ? "" : Environment.NewLine + Exception)}";
}
