using System.Collections;
using Microsoft.Build.Framework;

namespace GreenletBridge.FastMode.Tests.Building;

/// <summary>Keeps what a task of the build says.</summary>
internal sealed class BuildEngine : IBuildEngine
{
    public List<(string Code, string Text, string? File, int Line)> Errors { get; } = [];

    public List<(string Code, string Text, string? File, int Line)> Warnings { get; } = [];

    public List<(string? Code, string Text)> Messages { get; } = [];

    public bool ContinueOnError => false;

    public int LineNumberOfTaskNode => 0;

    public int ColumnNumberOfTaskNode => 0;

    public string ProjectFileOfTaskNode => "app.csproj";

    public void LogErrorEvent(BuildErrorEventArgs e) => Errors.Add((e.Code, e.Message!, e.File, e.LineNumber));

    public void LogWarningEvent(BuildWarningEventArgs e) => Warnings.Add((e.Code, e.Message!, e.File, e.LineNumber));

    public void LogMessageEvent(BuildMessageEventArgs e) => Messages.Add((e.Code, e.Message!));

    public void LogCustomEvent(CustomBuildEventArgs e) => Messages.Add((null, e.Message!));

    public bool BuildProjectFile(string projectFileName, string[] targetNames, IDictionary globalProperties, IDictionary targetOutputs) => throw new NotSupportedException();
}
