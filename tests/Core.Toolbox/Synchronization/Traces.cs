using System.Reflection;

namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>Waiters that a primitive still knows: looked for in its private lists, because nothing public shows them.</summary>
internal static class Traces
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static void AssertNone(object primitive)
    {
        var lists = ListsOf(primitive).ToArray();
        Assert.NotEmpty(lists);
        Assert.All(lists, static list => Assert.Null(FirstOf(list)));
    }

    /// <summary>The waiter that has waited longest; null when none does.</summary>
    public static object? First(object primitive) => ListsOf(primitive).Select(FirstOf).FirstOrDefault(static first => first is not null);

    private static object? FirstOf(object list) => list.GetType().GetField("_first", Fields)!.GetValue(list);

    private static IEnumerable<object> ListsOf(object primitive)
    {
        for (var type = primitive.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(Fields))
            {
                if (field.FieldType.Name == "WaiterList")
                    yield return field.GetValue(primitive)!;
                else if (field.FieldType.Name.StartsWith("QueueCore", StringComparison.Ordinal))
                    foreach (var list in ListsOf(field.GetValue(primitive)!))
                        yield return list;
            }
        }
    }
}
