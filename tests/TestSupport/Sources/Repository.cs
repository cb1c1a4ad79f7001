namespace GreenletBridge.TestSupport;

/// <summary>The repository that the running tests were built from.</summary>
public static class Repository
{
    private static readonly char[] _separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <summary>The folder that holds <c>Hosting.sln</c>, found by walking up from the test's own assembly.</summary>
    /// <exception cref="DirectoryNotFoundException">The tests run outside a clone.</exception>
    public static string Root { get; } = FindRoot();

    /// <summary>A path in the repository, in the form of this system.</summary>
    /// <param name="relative">Parts separated by <c>/</c>.</param>
    public static string PathOf(string relative)
    {
        ArgumentNullException.ThrowIfNull(relative);
        return Path.Combine([Root, .. relative.Split('/')]);
    }

    /// <summary>The C# files under a folder, by path; without what a build makes.</summary>
    /// <param name="relative">The folder, parts separated by <c>/</c>; may be absent: then there are none.</param>
    public static IReadOnlyList<SourceFile> SourcesUnder(string relative)
    {
        var folder = PathOf(relative);
        if (!Directory.Exists(folder))
        {
            return [];
        }

        return
        [
            .. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
                .Where(path => !IsBuilt(Path.GetRelativePath(folder, path)))
                .Order(StringComparer.Ordinal)
                .Select(path => new SourceFile(Path.GetRelativePath(folder, path).Replace('\\', '/'), File.ReadAllText(path))),
        ];
    }

    private static bool IsBuilt(string relative) => relative.Split(_separators).Any(part => part is "bin" or "obj" or "artifacts");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Hosting.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Hosting.sln.");
    }
}
