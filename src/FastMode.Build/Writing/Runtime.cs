using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>What woven code uses of the runtime library, imported into the module.</summary>
internal sealed class Runtime
{
    private readonly ModuleDefinition _module;
    private readonly ModuleDefinition _runtime;
    private readonly TypeReference _ref;
    private readonly TypeReference _variable;

    public Runtime(ModuleDefinition module, ModuleDefinition runtime)
    {
        _module = module;
        _runtime = runtime;
        Stack = Import("WovenStack");
        Frame = Import("Frame");
        Suspending = Field("WovenStack", "Suspending");
        State = Field("Frame", "State");
        Push = Method("WovenStack", "Push");
        Check = Method("WovenStack", "Check");
        Take = Method("WovenStack", "Take");
        Return = Method("WovenStack", "Return");
        Resume = Method("Frame", "Resume");
        FrameConstructor = Method("Frame", ".ctor");
        NewObject = Method("Objects", "New");
        PinThread = Method("Locks", "Pin");
        Guard = Import("SlotGuard");
        GuardConstructor = Method("SlotGuard", ".ctor");
        Allows = Method("SlotGuard", "Allows");
        AllowsIn = Method("SlotGuard", "AllowsIn");
        FindStruct = Method("SlotGuard", "FindStruct");
        DelegateTwin = Import("DelegateTwin");
        Address = Field("DelegateTwin", "Address");
        IsInstance = Field("DelegateTwin", "IsInstance");
        Target = new MethodReference("get_Target", module.TypeSystem.Object, new TypeReference("System", "Delegate", module, module.TypeSystem.CoreLibrary)) { HasThis = true };
        RunClassConstructor = new MethodReference("RunClassConstructor", module.TypeSystem.Void, new TypeReference("System.Runtime.CompilerServices", "RuntimeHelpers", module, module.TypeSystem.CoreLibrary));
        RunClassConstructor.Parameters.Add(new ParameterDefinition(new TypeReference("System", "RuntimeTypeHandle", module, module.TypeSystem.CoreLibrary, valueType: true)));
        FindDelegate = Method("Delegates", "Find");
        AddAssembly = Method("WovenAssemblies", "Add");
        WovenAssembly = Method("WovenAssemblyAttribute", ".ctor");
        _ref = Import("Ref`1");
        _variable = Import("Variable`1");
        FindIterator = Method("Iterators", "Find");
        Interpolation = Import("Interpolation");
        SaveInterpolation = Method("Interpolation", "Save");
        LoadInterpolation = Method("Interpolation", "Load");
        MayWait = Method("CallWaits", "MayWait");
        BeginCall = Method("CallWaits", "Begin");
        (AsTask, AsTaskOfValue) = Both("CallWaits", "AsTask");
        (AwaitCall, AwaitCallValue) = Both("CallWaits", "Await");
        (AwaitOwn, AwaitOwnValue) = Both("CallWaits", "AwaitOwn");
        (Await, AwaitValue) = Both("TaskWaits", "Await");
    }

    public TypeReference Stack { get; }

    public TypeReference Frame { get; }

    public FieldReference Suspending { get; }

    public FieldReference State { get; }

    public MethodReference Push { get; }

    public MethodReference Check { get; }

    public MethodReference Take { get; }

    public MethodReference Return { get; }

    public MethodReference Resume { get; }

    public MethodReference FrameConstructor { get; }

    public MethodReference NewObject { get; }

    public MethodReference PinThread { get; }

    public TypeReference Guard { get; }

    public MethodReference GuardConstructor { get; }

    public MethodReference Allows { get; }

    public MethodReference AllowsIn { get; }

    public MethodReference FindStruct { get; }

    public TypeReference DelegateTwin { get; }

    public FieldReference Address { get; }

    public FieldReference IsInstance { get; }

    public MethodReference FindDelegate { get; }

    public MethodReference Target { get; }

    public MethodReference RunClassConstructor { get; }

    public MethodReference AddAssembly { get; }

    public MethodReference WovenAssembly { get; }

    public MethodReference FindIterator { get; }

    public TypeReference Interpolation { get; }

    public MethodReference SaveInterpolation { get; }

    public MethodReference LoadInterpolation { get; }

    public MethodReference MayWait { get; }

    public MethodReference BeginCall { get; }

    public MethodReference AsTask { get; }

    public MethodReference AsTaskOfValue { get; }

    public MethodReference AwaitCall { get; }

    public MethodReference AwaitCallValue { get; }

    public MethodReference AwaitOwn { get; }

    public MethodReference AwaitOwnValue { get; }

    public MethodReference Await { get; }

    public MethodReference AwaitValue { get; }

    public MethodReference Import(MethodDefinition method) => _module.ImportReference(method);

    /// <summary>A place of that type, as an object.</summary>
    public TypeReference RefOf(TypeReference type) => Instance(_ref, type);

    /// <summary>A local of that type, as an object.</summary>
    public TypeReference VariableOf(TypeReference type) => Instance(_variable, type);

    public MethodReference NewVariable(TypeReference type) => On(Method("Variable`1", ".ctor"), VariableOf(type));

    public FieldReference ValueOf(TypeReference type)
    {
        var field = Field("Variable`1", "Value");
        return new FieldReference(field.Name, field.FieldType, VariableOf(type));
    }

    public MethodReference PlaceOf(TypeReference type) => On(Method("Ref`1", "get_Place"), RefOf(type));

    public MethodReference OwnerOf(TypeReference type) => On(Method("Ref`1", "get_Owner"), RefOf(type));

    public MethodReference RefAt(TypeReference type) => On(Method("Ref`1", "At"), RefOf(type));

    private static MethodReference On(MethodReference method, TypeReference type)
    {
        method.DeclaringType = type;
        return method;
    }

    private static GenericInstanceType Instance(TypeReference type, TypeReference argument)
    {
        var instance = new GenericInstanceType(type);
        instance.GenericArguments.Add(argument);
        return instance;
    }

    public static GenericInstanceMethod Of(MethodReference method, params IEnumerable<TypeReference> arguments)
    {
        var instance = new GenericInstanceMethod(method);
        foreach (var argument in arguments)
            instance.GenericArguments.Add(argument);
        return instance;
    }

    private TypeDefinition Definition(string type) =>
        _runtime.GetType(Names.Runtime, type) ?? throw new WeaveException($"{_runtime.FileName} is not the runtime library that this build task belongs to: it has no {type}.");

    private TypeReference Import(string type) => _module.ImportReference(Definition(type));

    private FieldReference Field(string type, string name) => _module.ImportReference(Definition(type).Fields.Single(f => f.Name == name));

    /// <summary>The form without a value, and the one with.</summary>
    private (MethodReference, MethodReference) Both(string type, string name)
    {
        var methods = Definition(type).Methods.Where(m => m.Name == name).OrderBy(static m => m.HasGenericParameters).Select(_module.ImportReference).ToList();
        return (methods[0], methods[1]);
    }

    private MethodReference Method(string type, string name) => _module.ImportReference(Definition(type).Methods.Single(m => m.Name == name));
}
