// With another actor runtime this changes as src/Actors/KernelUsings.cs does.
global using CurvatureMonitor.ActorKernel.Actor;
