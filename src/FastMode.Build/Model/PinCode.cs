namespace GreenletBridge.FastMode.Build;

/// <summary>Why a call, or a whole method, waits on a thread as plain code does. The number is the message's.</summary>
internal enum PinCode
{
    NoWeave = 1001,
    Constructor = 1002,
    AsyncMethod = 1003,
    StructMethod = 1005,
    ByRefParameter = 1006,
    UnusualCode = 1007,
    Synchronized = 1008,
    LooksAtStack = 1009,
    WaitInCatch = 1010,
    WaitInFinally = 1011,
    WaitInFilter = 1012,
    LiveByRef = 1013,
    FixedMemory = 1014,
    ConstrainedCall = 1015,
    TailCall = 1017,
    ByRefArgument = 1018,
    ByRefReturn = 1019,
    InterfaceBody = 1020,
    Unresolved = 1021,
    NotUnderstood = 1022,
    ThreadAffine = 1023,
    ThreadStatic = 1024,
    StaticConstructor = 1025,
    NotMapped = 1030,
}
