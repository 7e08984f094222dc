using AspNetCoreTraining;
using CurvatureMonitor;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddCurvatureMonitor();
builder.Services.AddSingleton<DigitTraining>();
builder.Services.AddHostedService(services => services.GetRequiredService<DigitTraining>());

var app = builder.Build();
app.MapGet("/training", (DigitTraining training) => training.Status());
app.MapCurvatureMonitor();
await app.RunAsync();
