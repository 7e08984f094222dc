namespace CurvatureMonitor.Actors.Cluster.Wire;

/// <summary>A message that crosses the network between a host and a worker: data alone.</summary>
internal interface IWireMessage;
