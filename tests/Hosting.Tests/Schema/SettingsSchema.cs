using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GreenletBridge.Hosting.Tests.Schema;

/// <summary>Makes <c>appsettings.schema.json</c> from the options: names and types from the classes, ranges from their attributes, texts from their documentation.</summary>
internal static class SettingsSchema
{
    // As TimeSpan.Parse has it; a bare number would be days, and no setting is negative
    private const string TimeSpanPattern = @"^(\d+\.)?([01]?\d|2[0-3]):[0-5]?\d(:[0-5]?\d(\.\d{1,7})?)?$";

    private static readonly JsonSerializerOptions _options = new()
    {
        Converters = { new JsonStringEnumConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Generate()
    {
        var docs = new XmlSummaries(typeof(GreenletBridgeOptions).Assembly);
        var section = _options.GetJsonSchemaAsNode(typeof(GreenletBridgeOptions), new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, schema) => Transform(context, schema, docs),
        });

        var root = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Settings of an application that uses GreenletBridge",
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["$schema"] = new JsonObject { ["type"] = "string" },
                [GreenletBridgeOptions.SectionName] = section,
                ["AllowedHosts"] = new JsonObject { ["type"] = "string" },
                ["ConnectionStrings"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = "string" } },
                ["Logging"] = new JsonObject { ["type"] = "object" },
                ["Serilog"] = new JsonObject { ["type"] = "object" },
                ["Urls"] = new JsonObject { ["type"] = "string" },
            },
            ["additionalProperties"] = true,
        };
        return root.ToJsonString(_options).ReplaceLineEndings("\n") + "\n";
    }

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema, XmlSummaries docs)
    {
        if (schema is not JsonObject node)
            return schema;

        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var property = context.PropertyInfo is { } info ? info.DeclaringType.GetProperty(info.Name) : null;
        if (type == typeof(TimeSpan))
        {
            node["pattern"] = TimeSpanPattern;
            node.Remove("$comment");
        }

        if (property is not null)
        {
            AddRange(node, property.GetCustomAttribute<SettingRangeAttribute>());
            AddDefault(node, property);
        }

        var text = property is not null ? docs.Of(property) : docs.Of(type);
        if (text is not null)
        {
            var live = property?.IsDefined(typeof(LiveSettingAttribute)) == true ? " Live: takes effect when the configuration is reloaded." : "";
            node.Insert(0, "description", text + live);
        }

        return node;
    }

    private static void AddRange(JsonObject node, SettingRangeAttribute? range)
    {
        // A range of time spans has no keyword; its documentation names it
        if (range is { Minimum: int minimum, Maximum: int maximum })
        {
            node["minimum"] = minimum;
            node["maximum"] = maximum;
        }
    }

    private static void AddDefault(JsonObject node, PropertyInfo property)
    {
        var value = property.GetValue(Activator.CreateInstance(property.DeclaringType!));
        if (value is not null && (value.GetType().IsValueType || value is string))
        {
            node["default"] = value is TimeSpan time ? SettingText.Of(time) : JsonSerializer.SerializeToNode(value, _options);
        }
    }
}
