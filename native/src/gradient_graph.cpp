#include "gradient_graph.h"

namespace curvature {
namespace {

using torch::autograd::grad;

struct Live {
  std::vector<at::Tensor> gradients, directions;
};

// The gradients that depend on anything, with their directions: the others contribute nothing to a second derivative.
Live with_history(const std::vector<at::Tensor>& gradients, const std::vector<at::Tensor>& directions) {
  Live live;
  for (size_t i = 0; i < gradients.size(); ++i) {
    if (!gradients[i].defined() || !gradients[i].requires_grad()) continue;
    live.gradients.push_back(gradients[i]);
    live.directions.push_back(directions[i]);
  }
  return live;
}

}  // namespace

void GradientGraph::differentiate(const at::Tensor& loss, const std::vector<at::Tensor>& leaves) {
  cotangent = grad({loss}, {outputs}, {}, /*retain_graph=*/true, /*create_graph=*/true)[0];
  gradients = grad({outputs}, leaves, {cotangent}, /*retain_graph=*/true, /*create_graph=*/true, /*allow_unused=*/true);
}

void GradientGraph::add_hessian_product(const TensorLayout& layout, const std::vector<at::Tensor>& leaves,
                                        const std::vector<at::Tensor>& directions, bool keep, at::Tensor sum) const {
  const auto live = with_history(gradients, directions);
  if (live.gradients.empty()) return;
  layout.gather(grad(live.gradients, leaves, live.directions, keep, false, /*allow_unused=*/true), sum, true);
}

c10::optional<at::Tensor> GradientGraph::push_forward(const std::vector<at::Tensor>& directions, bool keep) const {
  const auto live = with_history(gradients, directions);
  if (live.gradients.empty()) return c10::nullopt;
  const auto tangent = grad(live.gradients, {cotangent}, live.directions, keep, false, /*allow_unused=*/true)[0];
  return tangent.defined() ? tangent : at::zeros_like(outputs);
}

}  // namespace curvature
