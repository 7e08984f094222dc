#include "linearization.h"

#include <cmath>

#include "differences.h"
#include "finiteness.h"
#include "forward_mode.h"
#include "status.h"
#include "vector.h"

using curvature::GradientGraph;
using curvature::Lack;

using torch::autograd::grad;

namespace {

std::vector<at::Tensor> detached(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> plain;
  for (const auto& tensor : tensors) plain.push_back(tensor.detach());
  return plain;
}

Lack lack_of(const std::exception& exception) { return {true, curvature::message_of(exception)}; }

}  // namespace

cm_linearization::cm_linearization(cm_objective& of, const at::Tensor& theta, int64_t retain, int64_t limit)
    : objective(of),
      gradient(at::empty_like(theta)),
      micro_batch(of.micro_batch),
      retained_(static_cast<size_t>(of.batches())),
      retain_limit_(retain),
      byte_limit_(limit) {
  curvature::require_length(theta, of.parameters.total(), "theta");
  measured([&] {
    point_ = objective.point_at(theta);
    detached_ = detached(point_.leaves);
    curvature::require_finite_point(objective, point_);
    objective.require_determinism(point_, std::min<int64_t>(micro_batch, 32));
    gradient.zero_();
    loss = 0;
    for (int64_t index = 0; index < batches(); ++index) loss += add_gradient(index, point_, gradient);
  });
}

double cm_linearization::add_gradient(int64_t index, const curvature::Point& point, at::Tensor sum) {
  const auto part = batch(index);
  const auto outputs = objective.forward(point, part.inputs);
  const auto share =
      curvature::summed_loss(objective.loss, outputs, part.targets) / static_cast<double>(objective.samples());
  const auto value = share.item<double>();
  if (!std::isfinite(value)) curvature::fail_batch(objective, index * micro_batch, part, outputs, {});
  const auto gradients = grad({share}, point.leaves, {}, false, false, /*allow_unused=*/true);
  for (const auto& tensor : gradients)
    if (tensor.defined() && !curvature::is_finite(tensor))
      curvature::fail_batch(objective, index * micro_batch, part, outputs, gradients);
  objective.parameters.gather(gradients, sum, true);
  return value;
}

GradientGraph cm_linearization::forward_graph(int64_t index) {
  if (is_kept(index)) return retained_[static_cast<size_t>(index)];
  const auto before = scope_->net();
  GradientGraph graph;
  graph.outputs = objective.forward(point_, batch(index).inputs);
  keep(index, graph, scope_->net() - before);
  return graph;
}

GradientGraph cm_linearization::gradient_graph(int64_t index) {
  auto graph = retained_[static_cast<size_t>(index)];
  if (graph.has_gradients()) return graph;
  const auto before = scope_->net();
  add_gradient_graph(graph, batch(index));
  keep(index, graph, scope_->net() - before);
  return graph;
}

void cm_linearization::add_gradient_graph(GradientGraph& graph, const curvature::Batch& part) {
  if (!graph.has_outputs()) graph.outputs = objective.forward(point_, part.inputs);
  const auto share =
      curvature::summed_loss(objective.loss, graph.outputs, part.targets) / static_cast<double>(objective.samples());
  graph.differentiate(share, point_.leaves);
}

at::Tensor cm_linearization::flat_point() const {
  auto theta = at::empty_like(gradient);
  objective.parameters.gather(detached_, theta, false);
  return theta;
}

void cm_linearization::keep(int64_t index, const GradientGraph& graph, int64_t bytes) {
  if (retained_bytes + bytes > retain_limit_) {
    rebuilt = true;
    return;
  }
  retained_[static_cast<size_t>(index)] = graph;
  retained_bytes += bytes;
}

int32_t cm_linearization::retained_batches() const {
  int32_t kept = 0;
  for (const auto& graph : retained_) kept += graph.has_outputs() ? 1 : 0;
  return kept;
}

void cm_linearization::hessian_product(const at::Tensor& v, at::Tensor result) {
  measured([&] {
    if (!double_backward_.found) {
      try {
        exact_hessian_product(v, result);
        return;
      } catch (const std::exception& exception) {
        if (!curvature::is_unsupported_operation(exception)) throw;
        double_backward_ = lack_of(exception);
      }
      // Graphs that no product can use only take memory.
      release_graphs();
    }
    const auto gradient_at = [this](const at::Tensor& theta) {
      const curvature::Point shifted{objective.leaves_of(theta), point_.buffers};
      auto sum = at::zeros_like(theta);
      for (int64_t index = 0; index < batches(); ++index) add_gradient(index, shifted, sum);
      return sum;
    };
    result.copy_(difference(gradient_at, v, double_backward_));
  });
}

// Reverse over reverse: H v = ∂/∂θ (∇L(θ)ᵀ v), one batch's share after the other.
void cm_linearization::exact_hessian_product(const at::Tensor& v, at::Tensor result) {
  const auto parts = objective.parameters.split(v);
  const auto add_share = [&](int64_t index, at::Tensor sum) {
    const auto graph = gradient_graph(index);
    graph.add_hessian_product(objective.parameters, point_.leaves, parts, is_kept(index), sum);
  };
  result.zero_();
  for (int64_t index = 0; index < batches(); ++index) add_share(index, result);
  require_finite(v, result, add_share);
}

std::pair<at::Tensor, at::Tensor> cm_linearization::push_forward(int64_t index,
                                                                 const std::vector<at::Tensor>& tangents) {
  if (!forward_mode_.found) {
    try {
      return push_forward_by_duals(index, tangents);
    } catch (const std::exception& exception) {
      if (!curvature::is_unsupported_operation(exception)) throw;
      forward_mode_ = lack_of(exception);
    }
    // No dual may stay in the module when the level has ended.
    objective.parameters.bind(detached_);
  }
  if (auto by_reverse = push_forward_by_reverse(index, tangents)) return *by_reverse;
  const auto outputs_at = [this, index](const at::Tensor& theta) {
    at::NoGradGuard no_gradients;
    return objective.forward({objective.parameters.split(theta), point_.buffers}, batch(index).inputs).clone();
  };
  auto v = at::empty_like(gradient);
  objective.parameters.gather(tangents, v, false);
  return {outputs_at(flat_point()), difference(outputs_at, v, forward_mode_)};
}

std::pair<at::Tensor, at::Tensor> cm_linearization::push_forward_by_duals(int64_t index,
                                                                          const std::vector<at::Tensor>& tangents) {
  at::NoGradGuard no_gradients;
  const curvature::DualLevel level;
  const auto outputs = objective.forward({level.make(detached_, tangents), point_.buffers}, batch(index).inputs);
  auto parts = std::make_pair(level.primal(outputs), level.tangent(outputs));
  objective.parameters.bind(detached_);
  return parts;
}

// g = Jᵀ r is linear in r, so ∂(gᵀv)/∂r = J v: one pass over a graph that the Hessian product keeps anyway, where
// forward mode computes the outputs anew.
c10::optional<std::pair<at::Tensor, at::Tensor>> cm_linearization::push_forward_by_reverse(
    int64_t index, const std::vector<at::Tensor>& tangents) {
  if (double_backward_.found) return c10::nullopt;
  try {
    const auto graph = gradient_graph(index);
    const auto tangent = graph.push_forward(tangents, is_kept(index));
    if (!tangent) return c10::nullopt;
    return std::make_pair(graph.outputs.detach(), *tangent);
  } catch (const std::exception& exception) {
    if (!curvature::is_unsupported_operation(exception)) throw;
    double_backward_ = lack_of(exception);
  }
  release_graphs();
  return c10::nullopt;
}

void cm_linearization::pull_back(int64_t index, const at::Tensor& u, at::Tensor sum) {
  const auto graph = forward_graph(index);
  objective.parameters.gather(
      grad({graph.outputs}, point_.leaves, {u.view_as(graph.outputs)}, is_kept(index), false, /*allow_unused=*/true),
      sum, true);
}

void cm_linearization::gauss_newton_product(const at::Tensor& v, at::Tensor result) {
  measured([&] {
    const auto tangents = objective.parameters.split(v);
    const auto add_share = [&](int64_t index, at::Tensor sum) {
      // A graph that would not be kept costs more than forward mode.
      auto parts = retain_limit_ > 0 ? push_forward_by_reverse(index, tangents) : c10::nullopt;
      if (!parts) parts = push_forward(index, tangents);
      const auto u = curvature::output_hessian_product(objective.loss, parts->first, parts->second) /
                     static_cast<double>(objective.samples());
      pull_back(index, u, sum);
    };
    result.zero_();
    for (int64_t index = 0; index < batches(); ++index) add_share(index, result);
    require_finite(v, result, add_share);
  });
}

void cm_linearization::jacobian_product(const at::Tensor& v, at::Tensor outputs) {
  measured([&] {
    const auto tangents = objective.parameters.split(v);
    const auto rows = outputs.view({objective.samples(), -1});
    for (int64_t index = 0; index < batches(); ++index) {
      const auto tangent = push_forward(index, tangents).second;
      rows.narrow(0, index * micro_batch, tangent.size(0)).copy_(tangent.flatten(1));
    }
  });
}

void cm_linearization::vector_jacobian_product(const at::Tensor& outputs, at::Tensor result) {
  measured([&] {
    const auto rows = outputs.view({objective.samples(), -1});
    result.zero_();
    for (int64_t index = 0; index < batches(); ++index)
      pull_back(index, rows.narrow(0, index * micro_batch, batch(index).inputs.size(0)), result);
  });
}

at::Tensor cm_linearization::difference(const std::function<at::Tensor(const at::Tensor&)>& evaluate,
                                        const at::Tensor& v, const Lack& lack) {
  const auto found = curvature::central_difference(evaluate, flat_point(), v);
  // Written so that NaN is refused too.
  if (!(found.discrepancy <= curvature::tolerated_discrepancy(gradient.scalar_type()))) {
    char percent[32];
    std::snprintf(percent, sizeof(percent), "%.2g", 100 * found.discrepancy);
    throw curvature::Failure(CM_UNSUPPORTED_OPERATION,
                             lack.words +
                                 "; finite differences are no way out: halving their step changes the product by " +
                                 percent + " %, so the model has kinks or bends too much there; replace the operation");
  }
  lacking = lack.words;
  discrepancy = std::max(discrepancy, found.discrepancy);
  return found.derivative;
}

void cm_linearization::require_finite(const at::Tensor& v, const at::Tensor& result,
                                      const std::function<void(int64_t, at::Tensor)>& add_share) {
  if (curvature::is_finite(result)) return;
  if (!curvature::is_finite(v))
    curvature::non_finite("the vector of a curvature product is NaN or infinite, first at " +
                          curvature::first_non_finite(objective.parameters, v));
  auto share = at::zeros_like(result);
  for (int64_t index = 0; index < batches(); ++index) {
    add_share(index, share.zero_());
    if (curvature::is_finite(share)) continue;
    curvature::non_finite("a curvature product is not finite, first for " +
                          curvature::described_samples(index * micro_batch, batch(index).inputs.size(0)) + " in " +
                          curvature::first_non_finite(objective.parameters, share) +
                          ": a second derivative overflows, or divides by zero");
  }
  curvature::non_finite("a curvature product is not finite in " +
                        curvature::first_non_finite(objective.parameters, result) +
                        ": the sum over micro-batches overflows");
}
