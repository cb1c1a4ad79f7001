using System.Reflection;

namespace GreenletBridge.FastMode.Tests;

/// <summary>The woven form of Cases/Running.cs, fresh for each test: it has static state.</summary>
internal sealed class WovenCode
{
    private static readonly Lazy<(byte[] Dll, string Name)> _file = new(static () => (File.ReadAllBytes(CaseAssembly.Make(CaseAssembly.SourceOf("Running.cs"), optimize: true).Path), ""));
    private readonly Type _steps;

    public WovenCode()
    {
        using var stream = new MemoryStream(_file.Value.Dll);
        var assembly = new System.Runtime.Loader.AssemblyLoadContext("running").LoadFromStream(stream);
        _steps = assembly.GetType("Steps", throwOnError: true)!;
    }

    public TaskCompletionSource<int> Source => (TaskCompletionSource<int>)Field("Source");

    public string Log
    {
        get
        {
            var log = (List<string>)Field("Log");
            lock (log)
            {
                return string.Join(' ', log);
            }
        }
    }

    public Action Action(string name) => Method(name).CreateDelegate<Action>();

    public Func<T> Function<T>(string name) => Method(name).CreateDelegate<Func<T>>();

    private MethodInfo Method(string name) => _steps.GetMethod(name)!;

    private object Field(string name) => _steps.GetField(name)!.GetValue(null)!;
}
