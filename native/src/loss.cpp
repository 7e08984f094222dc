#include "loss.h"

#include <sstream>

#include "status.h"

namespace curvature {
namespace {

std::string shape_of(const at::Tensor& tensor) {
  std::ostringstream text;
  text << tensor.sizes();
  return text.str();
}

// T, over which a sample's loss is a mean.
double positions(const at::Tensor& outputs) { return static_cast<double>(outputs.size(2)); }

}  // namespace

LossKind loss_kind(int32_t code) {
  if (code == 0) return LossKind::cross_entropy;
  if (code == 1) return LossKind::mean_squared_error;
  invalid("loss " + std::to_string(code) + " is unknown");
}

void check_outputs(LossKind kind, const at::Tensor& outputs, const at::Tensor& targets) {
  const bool labels = targets.scalar_type() == at::kLong;
  if (kind == LossKind::cross_entropy && !labels)
    invalid("cross_entropy needs int64 class labels [samples], the targets have shape " + shape_of(targets));
  if (labels && targets.dim() == 2) {
    if (outputs.dim() != 3 || outputs.size(2) != targets.size(1))
      invalid("the model's output has shape " + shape_of(outputs) + "; class labels " + shape_of(targets) +
              " need [samples, classes, positions], as PyTorch's cross_entropy takes them");
  } else if (outputs.dim() != 2) {
    invalid("the model's output has shape " + shape_of(outputs) + "; this loss needs [samples, outputs]");
  }
  if (kind == LossKind::cross_entropy) {
    const auto largest = targets.max().item<int64_t>();
    if (largest >= outputs.size(1))
      invalid("a class label is " + std::to_string(largest) + ", but the model has " + std::to_string(outputs.size(1)) +
              " outputs");
  } else if (outputs.sizes() != targets.sizes()) {
    invalid("mse needs targets of the outputs' shape " + shape_of(outputs) + ", they have " + shape_of(targets));
  }
}

at::Tensor summed_loss(LossKind kind, const at::Tensor& outputs, const at::Tensor& targets) {
  if (kind == LossKind::cross_entropy && outputs.dim() == 2)
    return at::nll_loss(at::log_softmax(outputs, 1), targets, {}, at::Reduction::Sum);
  if (kind == LossKind::cross_entropy)
    return at::nll_loss_nd(at::log_softmax(outputs, 1), targets, {}, at::Reduction::Sum) / positions(outputs);
  return (outputs - targets).square().sum() / static_cast<double>(outputs.size(1));
}

at::Tensor output_hessian_product(LossKind kind, const at::Tensor& outputs, const at::Tensor& u) {
  if (kind == LossKind::mean_squared_error) return u * (2.0 / static_cast<double>(outputs.size(1)));
  const auto p = at::softmax(outputs, 1);
  const auto pu = p * u;
  const auto product = pu - p * pu.sum(1, /*keepdim=*/true);
  return outputs.dim() == 2 ? product : product / positions(outputs);
}

int64_t correct(const at::Tensor& outputs, const at::Tensor& targets) {
  return outputs.argmax(1).eq(targets).sum().item<int64_t>();
}

}  // namespace curvature
