using System.Diagnostics;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace GreenletBridge.FastMode.Build;

/// <summary>The build's step: weaves assemblies in the order in which they refer to each other, and says what is pinned.</summary>
public sealed class WeaveGreenlets : Microsoft.Build.Utilities.Task
{
    /// <summary>The assemblies to weave; metadata WovenFile says where each goes.</summary>
    [Required]
    public ITaskItem[] Assemblies { get; set; } = [];

    /// <summary>Files of all references, the runtime library among them.</summary>
    [Required]
    public ITaskItem[] References { get; set; } = [];

    /// <summary>Pairs of a blocking method (metadata Sync) and its async form (metadata Async).</summary>
    public ITaskItem[] Primitives { get; set; } = [];

    /// <summary>Where the list of pins goes, as JSON; none if empty.</summary>
    public string ReportFile { get; set; } = "";

    /// <summary>Whether an assembly that cannot be woven fails the build; else it is left alone with a warning.</summary>
    public bool Strict { get; set; }

    /// <inheritdoc />
    public override bool Execute()
    {
        // They are trusted by later builds and by publishing: what is there was written by this run, and the report only if all is well
        Drop();
        var reports = new List<(string, WeaveResult)>();
        try
        {
            var pairs = Pairs();
            var references = References.Select(static r => r.ItemSpec).ToList();
            foreach (var paths in ReferenceOrder.Sort([.. Assemblies.Select(static a => a.ItemSpec)]))
                Weave([.. Assemblies.Where(a => paths.Contains(a.ItemSpec))], references, pairs, reports);

            if (ReportFile.Length > 0 && !Log.HasLoggedErrors)
                ReportWriter.Write(ReportFile, reports.Select(static r => (r.Item1, r.Item2.Report)));
        }
        catch (WeaveException e)
        {
            Log.LogError(null, "GRN0001", null, null, 0, 0, 0, 0, "{0}", e.Message);
        }

        if (Log.HasLoggedErrors)
            Drop();
        return !Log.HasLoggedErrors;
    }

    private static string OutputOf(ITaskItem item) => item.GetMetadata("WovenFile") is { Length: > 0 } path ? path : item.ItemSpec;

    private void Drop()
    {
        Drop(ReportFile);
        foreach (var item in Assemblies.Where(static a => Path.GetFullPath(OutputOf(a)) != Path.GetFullPath(a.ItemSpec)))
        {
            Drop(OutputOf(item));
            Drop(Path.ChangeExtension(OutputOf(item), ".pdb"));
        }
    }

    private static void Drop(string file)
    {
        if (File.Exists(file))
            File.Delete(file);
    }

    // Files of one name; more than one if a package has one for each platform
    private void Weave(ITaskItem[] items, List<string> references, Dictionary<string, string> pairs, List<(string, WeaveResult)> reports)
    {
        var woven = 0;
        foreach (var item in items)
        {
            if (Weave(item, references, pairs) is { } result)
            {
                reports.Add((Path.GetFileName(item.ItemSpec), result));
                woven++;
            }
        }

        string[] outputs = [.. items.Select(OutputOf)];
        if (woven < items.Length || !PlatformTwins.AreSame(outputs))
            return;
        // Who refers to it from now on calls its twins.
        references.RemoveAll(r => Path.GetFileName(r).Equals(Path.GetFileName(outputs[0]), StringComparison.OrdinalIgnoreCase));
        references.Add(outputs[0]);
    }

    private WeaveResult? Weave(ITaskItem item, List<string> references, Dictionary<string, string> pairs)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var result = new Weaver(new WeaverOptions { Input = item.ItemSpec, Output = OutputOf(item), References = references, Pairs = pairs }).Weave();
            Log.LogMessage(MessageImportance.Normal, "{0}: {1} of {2} methods can wait without a thread ({3:0} ms)",
                Path.GetFileName(item.ItemSpec), result.Woven, result.Methods, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            Tell(result.Report, isOwn: item.GetMetadata("Referenced") != "true");
            return result;
        }
        catch (WeaveException e) when (!Strict && item.GetMetadata("Referenced") == "true")
        {
            Log.LogWarning(null, "GRN0002", null, null, 0, 0, 0, 0, "{0}", e.Message);
            return null;
        }
    }

    private void Tell(PinReport report, bool isOwn)
    {
        foreach (var pin in report.Pins)
        {
            // The one that can stop a program, woven or not; in a library it is nothing that the user could change
            if (isOwn && pin.Code == PinCode.StaticConstructor)
                Log.LogWarning(null, pin.Id, null, pin.File, pin.Line, 0, 0, 0, "{0}", pin.ToString());
            else
                Log.LogMessage(null, pin.Id, null, pin.File, pin.Line, 0, 0, 0, MessageImportance.Normal, "{0}", pin.ToString());
        }

        foreach (var broken in report.Required)
            Log.LogError(null, broken.Id, null, broken.File, broken.Line, 0, 0, 0, "{0}", $"[GreenletRequired] {broken}");
    }

    private Dictionary<string, string> Pairs()
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in Primitives)
        {
            var sync = item.GetMetadata("Sync") is { Length: > 0 } name ? name : item.ItemSpec;
            if (item.GetMetadata("Async") is not { Length: > 0 } async)
                throw new WeaveException($"<GreenletPrimitive Include=\"{item.ItemSpec}\"> needs Async=\"Namespace.Type.MethodAsync\".");
            if (!pairs.TryAdd(sync, async) && pairs[sync] != async)
                throw new WeaveException($"GreenletPrimitive: {sync} has two async forms, {pairs[sync]} and {async}. Leave one.");
        }

        return pairs;
    }
}
