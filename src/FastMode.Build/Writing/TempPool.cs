using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Locals for what lies on the evaluation stack at a call; calls share them.</summary>
internal sealed class TempPool(MethodBody body, TypeSystem types)
{
    private readonly Dictionary<(string Type, int Number), VariableDefinition> _temps = [];
    private readonly Dictionary<string, int> _used = new(StringComparer.Ordinal);

    /// <summary>A call begins: all are free.</summary>
    public void Begin() => _used.Clear();

    public VariableDefinition Take(TypeReference type)
    {
        if (type == StackTyper.Null)
            type = types.Object;
        var key = TypeMath.KeyOf(type);
        var number = _used[key] = _used.GetValueOrDefault(key) + 1;
        if (!_temps.TryGetValue((key, number), out var temp))
        {
            _temps.Add((key, number), temp = new VariableDefinition(type));
            body.Variables.Add(temp);
        }

        return temp;
    }
}
