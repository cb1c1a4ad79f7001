global using GreenletBridge.Core.Conformance;
global using GreenletBridge.TestSupport;
global using Xunit;
