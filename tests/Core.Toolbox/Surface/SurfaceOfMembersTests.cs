using System.Reflection;
using GreenletBridge.Core.Toolbox.Synchronization;

namespace GreenletBridge.Core.Toolbox.Surface;

/// <summary>No blocking member can be added without its twin, its limits and its tests.</summary>
public sealed class SurfaceOfMembersTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Tested by classes of their own, as they are no plain wait for one thing.</summary>
    private static readonly Dictionary<string, string> _elsewhere = new()
    {
        ["GreenletCondition.WaitFor"] = nameof(GreenletConditionTests.WaitFor_LooksAtEachNotification),
        ["GreenletChannel.TryGet"] = nameof(GreenletChannelTests.Get_WaitsUntilSomethingIsPut_InOrder),
        ["GreenletChannel.TryPut"] = nameof(GreenletChannelTests.KilledOrLatePutter_HasHandedNothingOver),
        ["GreenletQueue.GetAsyncEnumerator"] = nameof(QueueEndTests.AsyncLoop_Cancelled_Throws_AndTakesNothing),
        ["GreenletChannel.GetAsyncEnumerator"] = nameof(GreenletChannelTests.Loop_TakesUntilTheShutdown),
    };

    public static TheoryData<string> Rooms => ["Synchronization", "Pools", "Greenlets", "Hubs"];

    [Fact]
    public void BlockingMember_OfSynchronization_IsOneOfEveryMember()
    {
        var blocking = DocumentationTests.TypesOf("Synchronization").SelectMany(static type => type.GetMethods(Declared)).Where(IsBlocking).Select(KeyOf).Distinct().ToList();
        Assert.True(blocking.Count > 12, $"{blocking.Count} blocking members were found.");

        Assert.Empty(blocking.Except(Member.Names).Except(_elsewhere.Keys));
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void BlockingMember_HasAnAwaitedTwin_WithTheSameLimits(string room)
    {
        foreach (var method in DocumentationTests.TypesOf(room).SelectMany(static type => type.GetMethods(Declared)).Where(IsBlocking))
        {
            if (method.Name.EndsWith("Async", StringComparison.Ordinal) || method.Name.StartsWith("Get", StringComparison.Ordinal) && method.Name.EndsWith("Enumerator", StringComparison.Ordinal))
                continue;
            // A group has room for any number; where its Spawn may wait, in the pool, it has its twin.
            var twins = DocumentationTests.TypesOf(room).Where(type => type == method.DeclaringType || type.IsSubclassOf(method.DeclaringType!))
                .SelectMany(static type => type.GetMethods(Declared)).Where(other => other.Name == method.Name + "Async").ToList();
            // `await greenlet` is the twin of Get.
            if (method.Name == "Get" && typeof(Greenlet).IsAssignableFrom(method.DeclaringType))
                continue;
            Assert.True(twins.Exists(twin => LimitsOf(twin).SequenceEqual(LimitsOf(method))), $"{KeyOf(method)} has no twin {method.Name}Async with the same limits.");
        }
    }

    // Whatever can be cancelled can wait.
    private static bool IsBlocking(MethodInfo method) => !method.IsSpecialName && Array.Exists(method.GetParameters(), static parameter => parameter.ParameterType == typeof(CancellationToken));

    private static string KeyOf(MethodInfo method)
    {
        var name = method.Name.EndsWith("Async", StringComparison.Ordinal) ? method.Name[..^"Async".Length] : method.Name;
        return $"{method.DeclaringType!.Name.Split('`')[0]}.{name}";
    }

    private static IEnumerable<Type> LimitsOf(MethodInfo method) => method.GetParameters()
        .Select(static parameter => parameter.ParameterType)
        .Where(static type => type == typeof(TimeSpan) || type == typeof(TimeSpan?) || type == typeof(CancellationToken));
}
