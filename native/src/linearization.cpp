#include "linearization.h"

#include "blocks.h"
#include "forward_mode.h"
#include "status.h"
#include "vector.h"

using curvature::guard;
using curvature::RetainedGraph;
using torch::autograd::grad;

namespace {

std::vector<at::Tensor> detached(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> plain;
  for (const auto& tensor : tensors) plain.push_back(tensor.detach());
  return plain;
}

// The gradients that depend on anything, with their directions: the others contribute nothing to a second derivative.
std::pair<std::vector<at::Tensor>, std::vector<at::Tensor>> with_history(const std::vector<at::Tensor>& gradients,
                                                                         const std::vector<at::Tensor>& directions) {
  std::pair<std::vector<at::Tensor>, std::vector<at::Tensor>> kept;
  for (size_t i = 0; i < gradients.size(); ++i) {
    if (!gradients[i].defined() || !gradients[i].requires_grad()) continue;
    kept.first.push_back(gradients[i]);
    kept.second.push_back(directions[i]);
  }
  return kept;
}

}  // namespace

cm_linearization::cm_linearization(cm_objective& of, const at::Tensor& theta, int64_t retain, int64_t limit)
    : objective(of),
      gradient(at::empty_like(theta)),
      retained_(static_cast<size_t>(of.batches())),
      retain_limit_(retain),
      byte_limit_(limit) {
  curvature::require_length(theta, of.parameters.total(), "theta");
  measured([&] {
    point_ = objective.point_at(theta);
    detached_ = detached(point_.leaves);
    for (int64_t index = 0; index < objective.batches(); ++index) {
      const auto part = objective.batch(index);
      const auto share = curvature::summed_loss(objective.loss, objective.forward(point_, part.inputs), part.targets) /
                         static_cast<double>(objective.samples());
      objective.parameters.gather(grad({share}, point_.leaves, {}, false, false, /*allow_unused=*/true), gradient,
                                  index > 0);
      loss += share.item<double>();
    }
  });
}

// Runs `body` under the byte limit, counting what is already retained, and follows the peak.
template <typename Body>
void cm_linearization::measured(Body&& body) {
  curvature::memory::Scope scope(retained_bytes, byte_limit_);
  scope_ = &scope;
  try {
    body();
  } catch (...) {
    scope_ = nullptr;
    peak_bytes = std::max(peak_bytes, scope.peak());
    throw;
  }
  scope_ = nullptr;
  peak_bytes = std::max(peak_bytes, scope.peak());
}

RetainedGraph cm_linearization::forward_graph(int64_t index) {
  if (is_kept(index)) return retained_[static_cast<size_t>(index)];
  const auto before = scope_->net();
  RetainedGraph graph;
  graph.outputs = objective.forward(point_, objective.batch(index).inputs);
  keep(index, graph, scope_->net() - before);
  return graph;
}

RetainedGraph cm_linearization::gradient_graph(int64_t index) {
  if (retained_[static_cast<size_t>(index)].has_gradients()) return retained_[static_cast<size_t>(index)];
  const auto before = scope_->net();
  auto graph = is_kept(index) ? retained_[static_cast<size_t>(index)] : RetainedGraph();
  const auto part = objective.batch(index);
  if (!graph.has_outputs()) graph.outputs = objective.forward(point_, part.inputs);
  const auto share =
      curvature::summed_loss(objective.loss, graph.outputs, part.targets) / static_cast<double>(objective.samples());
  // In two stages, ∂L/∂z and then Jᵀ of it, so that the graph can be differentiated for the cotangent too.
  graph.cotangent = grad({share}, {graph.outputs}, {}, /*retain_graph=*/true, /*create_graph=*/true)[0];
  graph.gradients = grad({graph.outputs}, point_.leaves, {graph.cotangent}, /*retain_graph=*/true,
                         /*create_graph=*/true, /*allow_unused=*/true);
  keep(index, graph, scope_->net() - before);
  return graph;
}

void cm_linearization::keep(int64_t index, const RetainedGraph& graph, int64_t bytes) {
  if (retained_bytes + bytes > retain_limit_) return;
  retained_[static_cast<size_t>(index)] = graph;
  retained_bytes += bytes;
}

int32_t cm_linearization::retained_batches() const {
  int32_t kept = 0;
  for (const auto& graph : retained_) kept += graph.has_outputs() ? 1 : 0;
  return kept;
}

// Reverse over reverse: H v = ∂/∂θ (∇L(θ)ᵀ v), one batch's share after the other.
void cm_linearization::hessian_product(const at::Tensor& v, at::Tensor result) {
  measured([&] {
    const auto parts = objective.parameters.split(v);
    result.zero_();
    for (int64_t index = 0; index < objective.batches(); ++index) {
      const auto graph = gradient_graph(index);
      const auto [gradients, directions] = with_history(graph.gradients, parts);
      if (gradients.empty()) continue;
      objective.parameters.gather(
          grad(gradients, point_.leaves, directions, is_kept(index), false, /*allow_unused=*/true), result, true);
    }
  });
}

std::pair<at::Tensor, at::Tensor> cm_linearization::push_forward(int64_t index,
                                                                 const std::vector<at::Tensor>& tangents) {
  at::NoGradGuard no_gradients;
  const curvature::DualLevel level;
  const auto outputs =
      objective.forward({level.make(detached_, tangents), point_.buffers}, objective.batch(index).inputs);
  auto parts = std::make_pair(level.primal(outputs), level.tangent(outputs));
  // No dual may stay in the module when the level ends.
  objective.parameters.bind(detached_);
  return parts;
}

// g = Jᵀ r is linear in r, so ∂(gᵀv)/∂r = J v: one pass over a graph that the Hessian product keeps anyway, where
// forward mode computes the outputs anew.
c10::optional<std::pair<at::Tensor, at::Tensor>> cm_linearization::push_forward_by_reverse(
    int64_t index, const std::vector<at::Tensor>& tangents) {
  if (lacks_double_backward_ || retain_limit_ == 0) return c10::nullopt;
  const auto graph = gradient_graph(index);
  if (!retained_[static_cast<size_t>(index)].has_gradients()) return c10::nullopt;
  const auto [gradients, directions] = with_history(graph.gradients, tangents);
  if (gradients.empty()) return c10::nullopt;
  try {
    const auto tangent = grad(gradients, {graph.cotangent}, directions, /*retain_graph=*/true)[0];
    return std::make_pair(graph.outputs.detach(), tangent);
  } catch (const std::exception& exception) {
    if (!curvature::is_unsupported_operation(exception)) throw;
    lacks_double_backward_ = true;
    return c10::nullopt;
  }
}

void cm_linearization::pull_back(int64_t index, const at::Tensor& u, at::Tensor result) {
  const auto graph = forward_graph(index);
  objective.parameters.gather(grad({graph.outputs}, point_.leaves, {u}, is_kept(index), false, /*allow_unused=*/true),
                              result, true);
}

void cm_linearization::gauss_newton_product(const at::Tensor& v, at::Tensor result) {
  measured([&] {
    const auto tangents = objective.parameters.split(v);
    result.zero_();
    for (int64_t index = 0; index < objective.batches(); ++index) {
      const auto by_reverse = push_forward_by_reverse(index, tangents);
      const auto [outputs, tangent] = by_reverse ? *by_reverse : push_forward(index, tangents);
      const auto u = curvature::output_hessian_product(objective.loss, outputs, tangent) /
                     static_cast<double>(objective.samples());
      pull_back(index, u, result);
    }
  });
}

void cm_linearization::jacobian_product(const at::Tensor& v, at::Tensor outputs) {
  measured([&] {
    const auto tangents = objective.parameters.split(v);
    const auto rows = outputs.view({objective.samples(), -1});
    int64_t start = 0;
    for (int64_t index = 0; index < objective.batches(); ++index) {
      const auto tangent = push_forward(index, tangents).second;
      rows.narrow(0, start, tangent.size(0)).copy_(tangent);
      start += tangent.size(0);
    }
  });
}

void cm_linearization::vector_jacobian_product(const at::Tensor& outputs, at::Tensor result) {
  measured([&] {
    const auto rows = outputs.view({objective.samples(), -1});
    result.zero_();
    int64_t start = 0;
    for (int64_t index = 0; index < objective.batches(); ++index) {
      const auto length = objective.batch(index).inputs.size(0);
      pull_back(index, rows.narrow(0, start, length), result);
      start += length;
    }
  });
}

namespace {

void require_parameters(const cm_linearization* linearization, const cm_vector* vector, const char* what) {
  curvature::require_length(vector->values, linearization->objective.parameters.total(), what);
  if (vector->values.scalar_type() != linearization->gradient.scalar_type())
    curvature::invalid(std::string(what) + " has another element type than the parameters");
}

void require_outputs(const cm_linearization* linearization, const cm_vector* vector) {
  const auto& objective = linearization->objective;
  curvature::require_length(vector->values, objective.samples() * objective.outputs_per_sample, "the outputs");
}

}  // namespace

extern "C" {

cm_status cm_linearization_create(cm_objective* objective, cm_vector* theta, int64_t retain_bytes, int64_t limit_bytes,
                                  cm_linearization** out, double* loss, cm_error* error) {
  return guard(error, [&] {
    *out = new cm_linearization(*objective, theta->values, retain_bytes, limit_bytes);
    *loss = (*out)->loss;
  });
}

void cm_linearization_free(cm_linearization* linearization) {
  delete linearization;
  curvature::blocks::release_idle();
}

cm_status cm_linearization_gradient(cm_linearization* linearization, cm_vector* destination, cm_error* error) {
  return guard(error, [&] {
    require_parameters(linearization, destination, "the destination");
    destination->values.copy_(linearization->gradient);
  });
}

cm_status cm_linearization_hessian_product(cm_linearization* linearization, cm_vector* v, cm_vector* result,
                                           cm_error* error) {
  return guard(error, [&] {
    require_parameters(linearization, v, "the vector");
    require_parameters(linearization, result, "the result");
    linearization->hessian_product(v->values, result->values);
  });
}

cm_status cm_linearization_gauss_newton_product(cm_linearization* linearization, cm_vector* v, cm_vector* result,
                                                cm_error* error) {
  return guard(error, [&] {
    require_parameters(linearization, v, "the vector");
    require_parameters(linearization, result, "the result");
    linearization->gauss_newton_product(v->values, result->values);
  });
}

cm_status cm_linearization_jacobian_product(cm_linearization* linearization, cm_vector* v, cm_vector* outputs,
                                            cm_error* error) {
  return guard(error, [&] {
    require_parameters(linearization, v, "the vector");
    require_outputs(linearization, outputs);
    linearization->jacobian_product(v->values, outputs->values);
  });
}

cm_status cm_linearization_vector_jacobian_product(cm_linearization* linearization, cm_vector* outputs,
                                                   cm_vector* result, cm_error* error) {
  return guard(error, [&] {
    require_outputs(linearization, outputs);
    require_parameters(linearization, result, "the result");
    linearization->vector_jacobian_product(outputs->values, result->values);
  });
}

cm_status cm_linearization_stats(cm_linearization* linearization, int32_t* micro_batches, int32_t* retained,
                                 int64_t* retained_bytes, int64_t* peak_bytes, cm_error* error) {
  return guard(error, [&] {
    *micro_batches = static_cast<int32_t>(linearization->objective.batches());
    *retained = linearization->retained_batches();
    *retained_bytes = linearization->retained_bytes;
    *peak_bytes = linearization->peak_bytes;
  });
}

}  // extern "C"
