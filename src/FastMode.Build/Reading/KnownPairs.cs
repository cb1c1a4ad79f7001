namespace GreenletBridge.FastMode.Build;

/// <summary>Blocking methods whose async form does the same: of the framework and of this library.</summary>
/// <remarks>An async form is named as the method with Async behind it. One that a driver does not have itself blocks inside, as the method would.</remarks>
internal static class KnownPairs
{
    private static readonly Dictionary<string, string[]> _names = new(StringComparer.Ordinal)
    {
        ["System.Data.Common.DbConnection"] = ["Open", "Close", "BeginTransaction", "ChangeDatabase"],
        ["System.Data.Common.DbCommand"] = ["ExecuteNonQuery", "ExecuteReader", "ExecuteScalar", "Prepare"],
        ["System.Data.Common.DbDataReader"] = ["Read", "NextResult", "Close"],
        ["System.Data.Common.DbTransaction"] = ["Commit", "Rollback", "Save", "Release"],
        ["System.Data.Common.DbBatch"] = ["ExecuteNonQuery", "ExecuteReader", "ExecuteScalar", "Prepare"],
        ["System.Data.Common.DbDataSource"] = ["OpenConnection"],
        ["System.Diagnostics.Process"] = ["WaitForExit"],
        ["GreenletBridge.Greenlet"] = ["Join", "JoinAll", "WaitAny"],
        ["GreenletBridge.GreenletGroup"] = ["Join"],
        ["GreenletBridge.GreenletPool"] = ["Join"],
        ["GreenletBridge.AsyncResult`1"] = ["Get", "Wait"],
        ["GreenletBridge.GreenletChannel`1"] = ["Put", "TryPut", "Get"],
        ["GreenletBridge.GreenletCondition"] = ["Wait", "WaitFor"],
        ["GreenletBridge.GreenletEvent"] = ["Wait"],
        ["GreenletBridge.GreenletLock"] = ["Acquire"],
        ["GreenletBridge.GreenletSemaphore"] = ["Acquire", "TryAcquire"],
        ["GreenletBridge.GreenletQueue`1"] = ["Put", "TryPut", "Get", "Peek", "Join"],
        ["GreenletBridge.GreenletLifoQueue`1"] = ["Put", "TryPut", "Get", "Peek", "Join"],
        ["GreenletBridge.GreenletPriorityQueue`1"] = ["Put", "TryPut", "Get", "Peek", "Join"],
    };

    /// <summary>Whether a method of that type and name has an async form that does the same.</summary>
    public static bool Contains(string type, string method) => _names.TryGetValue(type, out var names) && names.Contains(method, StringComparer.Ordinal);
}
