// An objective at one θ: products with its Hessian, its Jacobian and its Gauss-Newton matrix.
#pragma once

#include <limits>

#include "curvature_native.h"
#include "live_objects.h"
#include "memory.h"
#include "objective.h"
#include "torch_headers.h"

namespace curvature {

// What one micro-batch keeps between products: the forward graph z(θ), and the gradient's own graph g = J(θ)ᵀ r(z) of
// this batch's share of L. Empty when the byte budget is used up.
struct RetainedGraph {
  at::Tensor outputs;                 // z with history, [b, K]
  at::Tensor cotangent;               // r = ∂L/∂z with history, [b, K]
  std::vector<at::Tensor> gradients;  // g with history; one a parameter tensor
  bool has_outputs() const { return outputs.defined(); }
  bool has_gradients() const { return !gradients.empty(); }
};

}  // namespace curvature

struct cm_linearization : curvature::Counted<curvature::Kind::linearization> {
  cm_linearization(cm_objective& of, const at::Tensor& theta, int64_t retain, int64_t limit);

  void hessian_product(const at::Tensor& v, at::Tensor result);
  void gauss_newton_product(const at::Tensor& v, at::Tensor result);
  void jacobian_product(const at::Tensor& v, at::Tensor outputs);
  void vector_jacobian_product(const at::Tensor& outputs, at::Tensor result);

  int32_t retained_batches() const;
  const curvature::Point& point() const { return point_; }
  int64_t byte_limit() const { return byte_limit_; }

  cm_objective& objective;
  double loss = 0;
  at::Tensor gradient;
  int64_t retained_bytes = 0;
  int64_t peak_bytes = 0;

 private:
  template <typename Body>
  void measured(Body&& body);

  curvature::RetainedGraph forward_graph(int64_t index);
  curvature::RetainedGraph gradient_graph(int64_t index);
  void keep(int64_t index, const curvature::RetainedGraph& graph, int64_t bytes);
  bool is_kept(int64_t index) const { return retained_[static_cast<size_t>(index)].has_outputs(); }
  // J v of one batch by forward mode, and the outputs there: {z, ∂z}, both without history.
  std::pair<at::Tensor, at::Tensor> push_forward(int64_t index, const std::vector<at::Tensor>& tangents);
  // The same from a kept gradient graph, where there is one and its operations allow it.
  c10::optional<std::pair<at::Tensor, at::Tensor>> push_forward_by_reverse(int64_t index,
                                                                           const std::vector<at::Tensor>& tangents);
  // w (+)= Jᵀu of one batch.
  void pull_back(int64_t index, const at::Tensor& u, at::Tensor result);

  curvature::Point point_;
  std::vector<at::Tensor> detached_;  // the leaves without history, for forward mode
  std::vector<curvature::RetainedGraph> retained_;
  int64_t retain_limit_;
  int64_t byte_limit_;
  bool lacks_double_backward_ = false;         // of some operation: found out by the first attempt
  curvature::memory::Scope* scope_ = nullptr;  // of the call in progress
};
