using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace GreenletBridge.TestSupport;

/// <summary>Prints what an assembly offers to its users, one member a line, sorted: the text an approval test compares.</summary>
public static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Prints an assembly's public and protected members.</summary>
    /// <param name="assembly">The assembly to print.</param>
    public static string Print(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().Where(IsSpeakable).OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Header(type)).Append('\n');
            foreach (var member in Members(type).Order(StringComparer.Ordinal))
            {
                text.Append("  ").Append(member).Append('\n');
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Compares an assembly with its approved file, or rewrites that with <c>UPDATE_API=1</c>.</summary>
    /// <param name="assembly">The assembly to print.</param>
    /// <param name="approvedFile">Path in the repository, parts separated by <c>/</c>.</param>
    /// <returns>Null if they agree; otherwise what differs and how to approve it.</returns>
    public static string? Compare(Assembly assembly, string approvedFile)
    {
        var path = Repository.PathOf(approvedFile);
        var actual = Print(assembly);
        if (Environment.GetEnvironmentVariable("UPDATE_API") == "1")
        {
            File.WriteAllText(path, actual);
            return null;
        }

        var approved = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (actual == approved)
        {
            return null;
        }

        var differences = Lines(approved).Except(Lines(actual)).Select(line => "- " + line)
            .Concat(Lines(actual).Except(Lines(approved)).Select(line => "+ " + line));
        return $"{approvedFile} is stale; run the tests with UPDATE_API=1 if the change is meant.\n{string.Join('\n', differences)}";
    }

    // A member's line is compared with its type's, since many types have members that read the same.
    private static IEnumerable<string> Lines(string text)
    {
        var type = "";
        foreach (var line in text.Split('\n').Where(line => line.Length > 0))
        {
            type = line[0] == ' ' ? type : line;
            yield return line[0] == ' ' ? $"{type} :: {line.Trim()}" : line;
        }
    }

    private static string Header(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        var parents = new List<string>();
        if (type.BaseType is { } parent && parent != typeof(object) && !type.IsValueType && kind != "delegate")
        {
            parents.Add(SignatureText.Of(parent));
        }

        if (!type.IsEnum && kind != "delegate")
        {
            parents.AddRange(type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []).Where(IsSpeakable).Where(part => part.IsVisible).Select(SignatureText.Of).Order(StringComparer.Ordinal));
        }

        return $"{kind} {type.Namespace}.{SignatureText.Of(type)}{(parents.Count > 0 ? " : " + string.Join(", ", parents) : "")}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(name => string.Create(CultureInfo.InvariantCulture, $"{name} = {Enum.Format(type, Enum.Parse(type, name), "d")}"));
        }

        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return [SignatureText.Of(type.GetMethod("Invoke")!)];
        }

        return type.GetMembers(Declared).Where(IsSpeakable).Where(IsOffered).Select(SignatureText.Of).Where(text => text.Length > 0);
    }

    private static bool IsOffered(MemberInfo member) => member switch
    {
        MethodBase method => SignatureText.IsOffered(method) && (method is ConstructorInfo || !IsAccessor((MethodInfo)method)),
        FieldInfo field => (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && !field.IsSpecialName,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(SignatureText.IsOffered),
        EventInfo raised => SignatureText.IsOffered(raised.AddMethod!),
        _ => false,
    };

    private static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && (method.Name.StartsWith("get_", StringComparison.Ordinal) || method.Name.StartsWith("set_", StringComparison.Ordinal)
            || method.Name.StartsWith("add_", StringComparison.Ordinal) || method.Name.StartsWith("remove_", StringComparison.Ordinal));

    private static bool IsSpeakable(MemberInfo member) =>
        !member.Name.Contains('<', StringComparison.Ordinal)
        && (member is not Type type || type.DeclaringType is null || IsSpeakable(type.DeclaringType))
        && (member.GetCustomAttribute<CompilerGeneratedAttribute>() is null || member is MethodInfo { IsSpecialName: true });
}
