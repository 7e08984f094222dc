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

}  // namespace

LossKind loss_kind(int32_t code) {
  if (code == 0) return LossKind::cross_entropy;
  if (code == 1) return LossKind::mean_squared_error;
  invalid("loss " + std::to_string(code) + " is unknown");
}

void check_outputs(LossKind kind, const at::Tensor& outputs, const at::Tensor& targets) {
  if (outputs.dim() != 2)
    invalid("the model's output has shape " + shape_of(outputs) + "; this loss needs [samples, outputs]");
  if (kind == LossKind::cross_entropy && targets.dim() == 1) {
    const auto largest = targets.max().item<int64_t>();
    if (largest >= outputs.size(1))
      invalid("a class label is " + std::to_string(largest) + ", but the model has " + std::to_string(outputs.size(1)) +
              " outputs");
  } else if (kind == LossKind::cross_entropy) {
    invalid("cross_entropy needs int64 class labels [samples], the targets have shape " + shape_of(targets));
  } else if (outputs.sizes() != targets.sizes()) {
    invalid("mse needs targets of the outputs' shape " + shape_of(outputs) + ", they have " + shape_of(targets));
  }
}

at::Tensor summed_loss(LossKind kind, const at::Tensor& outputs, const at::Tensor& targets) {
  if (kind == LossKind::cross_entropy)
    return at::nll_loss(at::log_softmax(outputs, 1), targets, {}, at::Reduction::Sum);
  return (outputs - targets).square().sum() / static_cast<double>(outputs.size(1));
}

at::Tensor output_hessian_product(LossKind kind, const at::Tensor& outputs, const at::Tensor& u) {
  if (kind == LossKind::mean_squared_error) return u * (2.0 / static_cast<double>(outputs.size(1)));
  const auto p = at::softmax(outputs, 1);
  const auto pu = p * u;
  return pu - p * pu.sum(1, /*keepdim=*/true);
}

int64_t correct(const at::Tensor& outputs, const at::Tensor& targets) {
  return outputs.argmax(1).eq(targets).sum().item<int64_t>();
}

}  // namespace curvature
