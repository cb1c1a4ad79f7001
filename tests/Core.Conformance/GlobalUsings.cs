global using GreenletBridge.TestSupport;
global using Xunit;
