#:package Mono.Cecil
#:property PublishAot=false

// Gives a mutated assembly a switch that costs a comparison and notes which mutants were asked for: eng/mutation.sh runs it.
// Stryker's own takes a lock for each mutant asked for, and mutants are asked for inside of the wait for that lock.
// Usage: dotnet run eng/mutant-switch.cs -- <mutated assembly> <where to write it>
// The assembly reads the environment: MUTANT is the number of the mutant that is on (-1: none), MUTANTS_SEEN names a file that is written
// when the process ends, with a byte for each number: 1 if it was asked for.
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

const int Most = 1 << 14;
using var module = ModuleDefinition.ReadModule(args[0]);
var control = module.Types.Single(type => type.Name == "MutantControl");
var seen = new FieldDefinition("Seen", FieldAttributes.Private | FieldAttributes.Static, new ArrayType(module.TypeSystem.Byte));
var active = new FieldDefinition("Active", FieldAttributes.Private | FieldAttributes.Static, module.TypeSystem.Int32);
control.Fields.Add(seen);
control.Fields.Add(active);

var write = new MethodDefinition("WriteSeen", MethodAttributes.Private | MethodAttributes.Static, module.TypeSystem.Void);
write.Parameters.Add(new ParameterDefinition(module.TypeSystem.Object));
write.Parameters.Add(new ParameterDefinition(module.ImportReference(typeof(EventArgs))));
control.Methods.Add(write);
var il = write.Body.GetILProcessor();
var end = il.Create(OpCodes.Ret);
Variable(il, "MUTANTS_SEEN");
il.Emit(OpCodes.Brfalse, end);
Variable(il, "MUTANTS_SEEN");
il.Emit(OpCodes.Ldsfld, seen);
il.Emit(OpCodes.Call, module.ImportReference(typeof(File).GetMethod(nameof(File.WriteAllBytes), [typeof(string), typeof(byte[])])));
il.Append(end);

il = Empty(control.GetStaticConstructor());
il.Emit(OpCodes.Ldc_I4, Most);
il.Emit(OpCodes.Newarr, module.TypeSystem.Byte);
il.Emit(OpCodes.Stsfld, seen);
Variable(il, "MUTANT");
il.Emit(OpCodes.Call, module.ImportReference(typeof(Convert).GetMethod(nameof(Convert.ToInt32), [typeof(string)])));
il.Emit(OpCodes.Stsfld, active);
il.Emit(OpCodes.Call, module.ImportReference(typeof(AppDomain).GetProperty(nameof(AppDomain.CurrentDomain))!.GetMethod));
il.Emit(OpCodes.Ldnull);
il.Emit(OpCodes.Ldftn, write);
il.Emit(OpCodes.Newobj, module.ImportReference(typeof(EventHandler).GetConstructors().Single()));
il.Emit(OpCodes.Callvirt, module.ImportReference(typeof(AppDomain).GetEvent(nameof(AppDomain.ProcessExit))!.AddMethod));
il.Emit(OpCodes.Ret);

il = Empty(control.Methods.Single(method => method.Name == "IsActive"));
il.Emit(OpCodes.Ldsfld, seen);
il.Emit(OpCodes.Ldarg_0);
il.Emit(OpCodes.Ldc_I4_1);
il.Emit(OpCodes.Stelem_I1);
il.Emit(OpCodes.Ldarg_0);
il.Emit(OpCodes.Ldsfld, active);
il.Emit(OpCodes.Ceq);
il.Emit(OpCodes.Ret);
module.Write(args[1]);

void Variable(ILProcessor to, string name)
{
    to.Emit(OpCodes.Ldstr, name);
    to.Emit(OpCodes.Call, module.ImportReference(typeof(Environment).GetMethod(nameof(Environment.GetEnvironmentVariable), [typeof(string)])));
}

static ILProcessor Empty(MethodDefinition method)
{
    method.Body = new MethodBody(method);
    return method.Body.GetILProcessor();
}
