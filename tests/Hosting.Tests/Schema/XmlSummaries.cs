using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace GreenletBridge.Hosting.Tests.Schema;

/// <summary>Summary and value of documented members, as plain text.</summary>
internal sealed partial class XmlSummaries(Assembly assembly)
{
    private readonly Dictionary<string, XElement> _members = XDocument
        .Load(Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml"))
        .Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value);

    public string? Of(PropertyInfo property) => Text($"P:{property.DeclaringType!.FullName}.{property.Name}");

    public string? Of(Type type) => Text($"T:{type.FullName}");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces { get; }

    private string? Text(string id)
    {
        if (!_members.TryGetValue(id, out var member))
            return null;

        var parts = member.Elements().Where(element => element.Name.LocalName is "summary" or "value").Select(Plain);
        return Spaces.Replace(string.Join(' ', parts), " ").Trim();
    }

    private static string Plain(XElement element) => string.Concat(element.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => Reference(see),
        XElement child => Plain(child),
        _ => "",
    }));

    // "P:GreenletBridge.Hosting.HubSettings.Exclusive" → "Exclusive"
    private static string Reference(XElement see) =>
        see.Attribute("langword")?.Value ?? see.Attribute("cref")!.Value.Split('.')[^1];
}
