#include "finiteness.h"

#include <cmath>

#include "status.h"

namespace curvature {
namespace {

int64_t first_row_at_fault(const at::Tensor& rows) {
  return at::isfinite(rows).all(1).logical_not().to(at::kInt).argmax().item<int64_t>();
}

std::string named_entry(const TensorSlot& slot, const at::Tensor& values) {
  return slot.name + "[" + std::to_string(first_row_at_fault(values.detach().reshape({-1, 1}))) + "]";
}

c10::optional<std::string> find(const TensorLayout& layout, const std::vector<at::Tensor>& tensors) {
  const auto& slots = layout.slots();
  for (size_t i = 0; i < slots.size(); ++i)
    if (tensors[i].defined() && !is_finite(tensors[i])) return named_entry(slots[i], tensors[i]);
  return c10::nullopt;
}

}  // namespace

bool is_finite(const at::Tensor& tensor) {
  // A sum is finite only if every term is, and costs one pass without a temporary; the rare sum that overflows is
  // looked at again.
  const auto values = tensor.detach();
  return std::isfinite(values.sum().item<double>()) || at::isfinite(values).all().item<bool>();
}

void non_finite(const std::string& message) { throw Failure(CM_NON_FINITE, message); }

std::string first_non_finite(const TensorLayout& layout, const at::Tensor& flat) {
  return find(layout, layout.split(flat)).value_or("a parameter");
}

std::string described_samples(int64_t start, int64_t count) {
  if (count == 1) return "sample " + std::to_string(start);
  return "samples " + std::to_string(start) + " to " + std::to_string(start + count - 1);
}

void require_finite_point(const cm_objective& objective, const Point& point) {
  if (const auto name = find(objective.parameters, point.leaves))
    non_finite("parameter " + *name + " is NaN or infinite: the training has diverged; choose an earlier checkpoint");
  if (const auto name = find(objective.buffers, point.buffers))
    non_finite("buffer " + *name + " is NaN or infinite: the training has diverged; choose an earlier checkpoint");
}

void fail_batch(const cm_objective& objective, int64_t start, const Batch& batch, const at::Tensor& outputs,
                const std::vector<at::Tensor>& gradients) {
  const auto count = batch.inputs.size(0);
  const auto samples = described_samples(start, count);
  const auto rows = batch.inputs.reshape({count, -1});
  if (!is_finite(rows))
    non_finite("the inputs of sample " + std::to_string(start + first_row_at_fault(rows)) +
               " hold NaN or an infinity; mend the probe set");
  if (!is_finite(outputs))
    non_finite("the model's outputs for " + samples +
               " hold NaN or an infinity: an operation of the model overflows, or divides by zero");
  if (gradients.empty())
    non_finite("the loss of " + samples + " is not finite, though the outputs are: they are too large for the loss");
  non_finite("the gradient of the loss of " + samples + " is not finite, first in " +
             find(objective.parameters, gradients).value_or("a parameter") +
             ": the derivative of an operation overflows, or divides by zero");
}

}  // namespace curvature
