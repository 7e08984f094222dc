using System.CommandLine;
using CurvatureMonitor.Host.Commands;

var root = new RootCommand("CurvatureMonitor: the curvature of the loss, measured while training runs.") { DoctorCommand.Create() };
return await root.Parse(args).InvokeAsync().ConfigureAwait(false);
