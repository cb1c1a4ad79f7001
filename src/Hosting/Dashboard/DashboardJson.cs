using System.Text.Json;
using System.Text.Json.Serialization;

namespace GreenletBridge.Hosting;

/// <summary>How the page's data is written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(DashboardFrame))]
[JsonSerializable(typeof(DashboardFrame[]))]
[JsonSerializable(typeof(RowChanges))]
[JsonSerializable(typeof(SegmentBatch))]
[JsonSerializable(typeof(DashboardSnapshot))]
internal sealed partial class DashboardJson : JsonSerializerContext;
