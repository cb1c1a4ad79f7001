using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>What woven code uses of the runtime library, imported into the module.</summary>
internal sealed class Runtime
{
    private readonly ModuleDefinition _module;
    private readonly ModuleDefinition _runtime;

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
        PinThread = Method("Locks", "Pin");
        Guard = Import("SlotGuard");
        GuardConstructor = Method("SlotGuard", ".ctor");
        Allows = Method("SlotGuard", "Allows");
        DelegateTwin = Import("DelegateTwin");
        Address = Field("DelegateTwin", "Address");
        IsInstance = Field("DelegateTwin", "IsInstance");
        Target = new MethodReference("get_Target", module.TypeSystem.Object, new TypeReference("System", "Delegate", module, module.TypeSystem.CoreLibrary)) { HasThis = true };
        FindDelegate = Method("Delegates", "Find");
        AddAssembly = Method("WovenAssemblies", "Add");
        WovenAssembly = Method("WovenAssemblyAttribute", ".ctor");
        Await = _module.ImportReference(Definition("TaskWaits").Methods.Single(static m => m is { Name: "Await", HasGenericParameters: false }));
        AwaitValue = _module.ImportReference(Definition("TaskWaits").Methods.Single(static m => m is { Name: "Await", HasGenericParameters: true }));
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

    public MethodReference PinThread { get; }

    public TypeReference Guard { get; }

    public MethodReference GuardConstructor { get; }

    public MethodReference Allows { get; }

    public TypeReference DelegateTwin { get; }

    public FieldReference Address { get; }

    public FieldReference IsInstance { get; }

    public MethodReference FindDelegate { get; }

    public MethodReference Target { get; }

    public MethodReference AddAssembly { get; }

    public MethodReference WovenAssembly { get; }

    public MethodReference Await { get; }

    public MethodReference AwaitValue { get; }

    public MethodReference Import(MethodDefinition method) => _module.ImportReference(method);

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

    private MethodReference Method(string type, string name) => _module.ImportReference(Definition(type).Methods.Single(m => m.Name == name));
}
