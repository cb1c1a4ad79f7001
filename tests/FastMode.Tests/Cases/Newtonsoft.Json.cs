using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Converters;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Serialization;

public enum Kind { None, Small, Large }

public class Line { public string Name { get; set; } public decimal Price { get; set; } public int? Count { get; set; } public Kind Kind { get; set; } [JsonIgnore] public string Hidden { get; set; } = "h"; }

public class Order
{
    public Guid Id { get; set; }
    public DateTime At { get; set; }
    public List<Line> Lines { get; set; } = new();
    public Dictionary<string, object> More { get; set; } = new();
    public Order Parent { get; set; }
    public double[] Numbers { get; set; }
    [JsonProperty("renamed")] public TimeSpan Span { get; set; }
    [JsonConverter(typeof(StringEnumConverter))] public Kind Kind { get; set; }
}

public static class Use
{
    public static string Go()
    {
        var text = new StringBuilder();
        var order = Make(2);
        foreach (var format in new[] { Formatting.None, Formatting.Indented })
        {
            var settings = new JsonSerializerSettings { Formatting = format, NullValueHandling = format == Formatting.None ? NullValueHandling.Ignore : NullValueHandling.Include, ContractResolver = new DefaultContractResolver { NamingStrategy = new CamelCaseNamingStrategy() } };
            var json = JsonConvert.SerializeObject(order, settings);
            text.AppendLine(json);
            var back = JsonConvert.DeserializeObject<Order>(json, settings);
            text.AppendLine(JsonConvert.SerializeObject(back, settings) == json ? "same" : "different");
        }

        var parsed = JObject.Parse("{ 'a': [1, 2.5, 'x', null, true, { 'b': 'deep' }], 'date': '2020-01-02T03:04:05Z' /* note */ }");
        text.AppendLine(parsed.ToString(Formatting.None)).AppendLine((string)parsed.SelectToken("$.a[5].b")).AppendLine(parsed.SelectTokens("$..b").Count().ToString(CultureInfo.InvariantCulture));
        parsed["new"] = JToken.FromObject(new { One = 1, Two = new[] { "q", "r" } });
        parsed.Merge(JObject.Parse("{ 'a': [9], 'new': { 'One': 2 } }"), new JsonMergeSettings { MergeArrayHandling = MergeArrayHandling.Union });
        text.AppendLine(parsed.ToString());
        text.AppendLine(JToken.DeepEquals(parsed, JToken.Parse(parsed.ToString(), new JsonLoadSettings())).ToString());
        foreach (var bad in new[] { "{", "[1,]x", "{\"a\":tru}", "{\"numbers\":[\"no\"]}" })
        {
            try { text.AppendLine(JsonConvert.DeserializeObject<Order>(bad)?.Kind.ToString()); }
            catch (JsonException e) { text.AppendLine(e.GetType().Name + ": " + e.Message); }
        }

        using (var reader = new JsonTextReader(new StringReader("[{\"k\":1},[],\"s\\u00e4\\n\",-1e3]")))
        {
            while (reader.Read())
                text.Append(reader.TokenType).Append(':').Append(reader.Path).Append('=').Append(reader.Value).Append(' ');
        }

        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        using (var json = new JsonTextWriter(writer) { Formatting = Formatting.Indented }) { json.WriteStartArray(); json.WriteValue(1); json.WriteComment("c"); json.WriteRawValue("{}"); json.WriteEndArray(); }
        return text.Append(writer).ToString();
    }

    static Order Make(int depth) => new()
    {
        Id = new Guid(depth, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
        At = new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        Lines = { new Line { Name = "a\"\u2028ü", Price = 1.50m, Count = 3, Kind = Kind.Large }, new Line { Name = null } },
        More = { ["x"] = 1, ["y"] = new[] { "p", "q" }, ["z"] = new Dictionary<string, int> { ["n"] = 7 } },
        Parent = depth > 0 ? Make(depth - 1) : null,
        Numbers = new[] { 1.5, double.MaxValue, -0.0 },
        Span = TimeSpan.FromMinutes(90),
        Kind = Kind.Small,
    };
}
