namespace GreenletBridge.Hosting.FunctionalTests.SignalR;

/// <summary>A hub that asks for greenlets by itself.</summary>
[RunInGreenlet]
public class MarkedHub(HubNotes notes) : WhereHub(notes);
