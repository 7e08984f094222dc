#include "objective.h"

#include <cmath>

#include "status.h"
#include "vector.h"

using curvature::Batch;
using curvature::BatchNorm;
using curvature::BatchNormMode;
using curvature::ForwardProgram;
using curvature::guard;
using curvature::Point;

namespace {

BatchNorm measuring_mode(BatchNormMode mode) {
  return mode == BatchNormMode::train ? BatchNorm::batch : BatchNorm::running;
}

std::vector<at::Tensor> values_of(const curvature::TensorLayout& layout) {
  std::vector<at::Tensor> values;
  for (const auto& slot : layout.slots()) values.push_back(slot.tensor().detach().clone());
  return values;
}

std::vector<at::Tensor> clones_of(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> clones;
  for (const auto& tensor : tensors) clones.push_back(tensor.clone());
  return clones;
}

}  // namespace

cm_objective::cm_objective(const cm_script_model& model, const cm_samples& data, curvature::LossKind kind,
                           BatchNormMode mode, int64_t micro_batch_size)
    : loss(kind),
      micro_batch(std::min(micro_batch_size, data.count())),
      inputs(data.inputs),
      targets(data.targets),
      module(model.copy()),
      parameters(curvature::TensorLayout::parameters(module)),
      buffers(curvature::TensorLayout::buffers(module)),
      mode_(mode),
      measuring_(module, measuring_mode(mode), model.type, model.device),
      buffer_values_(values_of(buffers)) {
  if (micro_batch_size < 1)
    curvature::invalid("the micro-batch is " + std::to_string(micro_batch_size) + "; give 1 or more");
  if (inputs.device() != model.device) curvature::invalid("the samples and the model are on different devices");
  if (mode == BatchNormMode::recompute)
    reestimating_ = std::make_unique<ForwardProgram>(module, BatchNorm::reestimate, model.type, model.device);
  auto theta = at::empty({parameters.total()}, at::TensorOptions().dtype(model.type).device(model.device));
  parameters.read(theta);
  check_forward(theta);
}

// Finds the number of outputs, and refuses early what no measurement could use.
void cm_objective::check_forward(const at::Tensor& theta) {
  at::NoGradGuard no_gradients;
  const Point point{leaves_of(theta), buffer_values_};
  const auto few = std::min<int64_t>(samples(), 2);
  const auto first = forward(point, inputs.narrow(0, 0, few));
  if (first.dim() < 1 || first.size(0) != few) curvature::invalid("the model's output does not have one row a sample");
  curvature::check_outputs(loss, first, targets.is_floating_point() ? targets.narrow(0, 0, few) : targets);
  require_determinism(point, few);
  outputs_per_sample = first.numel() / few;
}

// At each point anew: what is random may depend on θ, and a spectrum of two different functions means nothing.
void cm_objective::require_determinism(const Point& point, int64_t samples) {
  at::NoGradGuard no_gradients;
  const auto few = slice(0, samples).inputs;
  const auto first = forward(point, few);
  const auto second = forward(point, few);
  if (!at::equal(at::nan_to_num(first), at::nan_to_num(second)))
    curvature::invalid(
        "two forward passes of the same samples differ: something random is live in the model (a dropout traced in "
        "train mode?); trace or script it after model.eval()");
}

std::vector<at::Tensor> cm_objective::leaves_of(const at::Tensor& theta) const {
  curvature::require_length(theta, parameters.total(), "theta");
  auto leaves = parameters.split(theta);
  for (auto& leaf : leaves) leaf.requires_grad_(true);
  return leaves;
}

Point cm_objective::point_at(const at::Tensor& theta) {
  Point point{leaves_of(theta.clone()), clones_of(buffer_values_)};
  if (mode_ == BatchNormMode::recompute) reestimate_statistics(point);
  return point;
}

// Cumulative averages over the probe set in its fixed order: batch k of b_k samples enters with weight
// b_k / (b_1 + … + b_k), so the first batch replaces whatever was stored (Deep Curvature Suite, section 4).
void cm_objective::reestimate_statistics(Point& point) {
  at::NoGradGuard no_gradients;
  int64_t seen = 0;
  for (int64_t index = 0; index < batches(); ++index) {
    const auto part = batch(index).inputs;
    seen += part.size(0);
    parameters.bind(point.leaves);
    buffers.bind(point.buffers);
    reestimating_->run(part, static_cast<double>(part.size(0)) / static_cast<double>(seen));
  }
}

at::Tensor cm_objective::forward(const Point& point, const at::Tensor& batch_inputs) {
  parameters.bind(point.leaves);
  buffers.bind(point.buffers);
  return measuring_.run(batch_inputs);
}

Batch cm_objective::slice(int64_t start, int64_t length) const {
  const auto present = std::min(length, samples() - start);
  return {inputs.narrow(0, start, present), targets.narrow(0, start, present)};
}

double cm_objective::gradient(const at::Tensor& theta, at::Tensor destination) {
  const auto point = point_at(theta);
  double mean_loss = 0;
  for (int64_t index = 0; index < batches(); ++index) {
    const auto part = batch(index);
    const auto share =
        curvature::summed_loss(loss, forward(point, part.inputs), part.targets) / static_cast<double>(samples());
    parameters.gather(torch::autograd::grad({share}, point.leaves, {}, false, false, /*allow_unused=*/true),
                      destination, index > 0);
    mean_loss += share.item<double>();
  }
  return mean_loss;
}

double cm_objective::batch_gradient(const at::Tensor& theta, const at::Tensor& indices, bool training,
                                    at::Tensor destination) {
  if (training && !training_)
    training_ = std::make_unique<ForwardProgram>(module, BatchNorm::update, theta.scalar_type(), theta.device());
  const auto leaves = leaves_of(theta);
  parameters.bind(leaves);
  buffers.bind(buffer_values_);
  const auto chosen = inputs.index_select(0, indices);
  const auto outputs = training ? training_->run(chosen) : measuring_.run(chosen);
  const auto mean =
      curvature::summed_loss(loss, outputs, targets.index_select(0, indices)) / static_cast<double>(indices.numel());
  parameters.gather(torch::autograd::grad({mean}, leaves, {}, false, false, /*allow_unused=*/true), destination, false);
  return mean.item<double>();
}

void cm_objective::write_buffers(const at::Tensor& flat) {
  const auto parts = buffers.split(flat);
  for (size_t i = 0; i < parts.size(); ++i) buffer_values_[i].copy_(parts[i]);
}

void cm_objective::evaluate(const at::Tensor& theta, double* mean_loss, double* accuracy) {
  at::NoGradGuard no_gradients;
  const auto point = point_at(theta);
  double sum = 0;
  int64_t hits = 0;
  const bool classes = loss == curvature::LossKind::cross_entropy;
  for (int64_t index = 0; index < batches(); ++index) {
    const auto part = batch(index);
    const auto outputs = forward(point, part.inputs);
    sum += curvature::summed_loss(loss, outputs, part.targets).item<double>();
    if (classes) hits += curvature::correct(outputs, part.targets);
  }
  *mean_loss = sum / static_cast<double>(samples());
  // Not a number where accuracy has no meaning; C# turns it into an absent value.
  *accuracy = classes ? static_cast<double>(hits) / static_cast<double>(targets.numel()) : std::nan("");
}

extern "C" {

cm_status cm_objective_create(cm_script_model* model, cm_samples* samples, int32_t loss, int32_t batch_norm,
                              int64_t micro_batch, cm_objective** out, cm_error* error) {
  return guard(error, [&] {
    if (batch_norm < 0 || batch_norm > 2)
      curvature::invalid("batch-norm mode " + std::to_string(batch_norm) + " is unknown");
    *out = new cm_objective(*model, *samples, curvature::loss_kind(loss), static_cast<BatchNormMode>(batch_norm),
                            micro_batch);
  });
}

void cm_objective_free(cm_objective* objective) { delete objective; }

cm_status cm_objective_sizes(cm_objective* objective, int64_t* samples, int64_t* parameters, int64_t* buffers,
                             int64_t* outputs, cm_error* error) {
  return guard(error, [&] {
    *samples = objective->samples();
    *parameters = objective->parameters.total();
    *buffers = objective->buffers.total();
    *outputs = objective->outputs_per_sample;
  });
}

cm_status cm_objective_read_buffers(cm_objective* objective, cm_vector* destination, cm_error* error) {
  return guard(error, [&] {
    curvature::require_length(destination->values, objective->buffers.total(), "the destination");
    objective->read_buffers(destination->values);
  });
}

cm_status cm_objective_write_buffers(cm_objective* objective, cm_vector* source, cm_error* error) {
  return guard(error, [&] {
    curvature::require_length(source->values, objective->buffers.total(), "the source");
    objective->write_buffers(source->values);
  });
}

cm_status cm_objective_evaluate(cm_objective* objective, cm_vector* theta, double* loss, double* accuracy,
                                cm_error* error) {
  return guard(error, [&] { objective->evaluate(theta->values, loss, accuracy); });
}

cm_status cm_objective_gradient(cm_objective* objective, cm_vector* theta, cm_vector* gradient, double* loss,
                                cm_error* error) {
  return guard(error, [&] {
    curvature::require_length(gradient->values, objective->parameters.total(), "the gradient");
    *loss = objective->gradient(theta->values, gradient->values);
  });
}

cm_status cm_objective_batch_gradient(cm_objective* objective, cm_vector* theta, const int64_t* indices, int64_t count,
                                      int32_t training, cm_vector* gradient, double* loss, cm_error* error) {
  return guard(error, [&] {
    curvature::require_length(gradient->values, objective->parameters.total(), "the gradient");
    if (count < 1) curvature::invalid("a batch needs at least one sample");
    const auto chosen = curvature::host_view(indices, {count}, at::kLong).to(objective->inputs.device());
    if (chosen.min().item<int64_t>() < 0 || chosen.max().item<int64_t>() >= objective->samples())
      curvature::invalid("a sample index lies outside 0 … " + std::to_string(objective->samples() - 1));
    *loss = objective->batch_gradient(theta->values, chosen, training != 0, gradient->values);
  });
}

}  // extern "C"
