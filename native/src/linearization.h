// An objective at one θ: products with its Hessian, its Jacobian and its Gauss-Newton matrix.
#pragma once

#include <functional>
#include <string>

#include "curvature_native.h"
#include "gradient_graph.h"
#include "live_objects.h"
#include "memory.h"
#include "objective.h"
#include "torch_headers.h"

namespace curvature {

// What an exact product ran into: libtorch's words on an operation that lacks a derivative.
struct Lack {
  bool found = false;
  std::string words;
};

}  // namespace curvature

struct cm_linearization : curvature::Counted<curvature::Kind::linearization> {
  cm_linearization(cm_objective& of, const at::Tensor& theta, int64_t retain, int64_t limit);

  void hessian_product(const at::Tensor& v, at::Tensor result);
  void gauss_newton_product(const at::Tensor& v, at::Tensor result);
  void jacobian_product(const at::Tensor& v, at::Tensor outputs);
  void vector_jacobian_product(const at::Tensor& outputs, at::Tensor result);

  int64_t batches() const { return (objective.samples() + micro_batch - 1) / micro_batch; }
  int32_t retained_batches() const;
  // Frees what is kept between products.
  void release_graphs();
  // Bytes that a Hessian product takes with micro-batches of `length` samples when no graph is kept, extrapolated from
  // a few samples; 0 where that cannot be told.
  int64_t estimate(int64_t length);
  const curvature::Point& point() const { return point_; }
  int64_t byte_limit() const { return byte_limit_; }

  cm_objective& objective;
  double loss = 0;
  at::Tensor gradient;
  int64_t retained_bytes = 0;
  int64_t peak_bytes = 0;
  int64_t micro_batch;     // samples a forward pass: the objective's, or fewer where memory was short
  bool rebuilt = false;    // whether a graph was not kept for want of memory
  std::string lacking;     // libtorch's words on the operation that made products finite differences
  double discrepancy = 0;  // the largest among those products

 private:
  class Watch;
  // Runs `body` under the byte limit, counting what is already retained, and follows the peak. Where memory does not
  // suffice something is given up and `body`, which overwrites its results, starts anew.
  void measured(const std::function<void()>& body);
  // Gives up the next thing in the order of docs/memory.md, or fails and says how much would be needed.
  void relieve(const curvature::memory::Refusal& refusal, const std::string& message);
  [[noreturn]] void refuse(const curvature::memory::Refusal& refusal, const std::string& message);
  int64_t peak_of_product(int64_t length);

  curvature::Batch batch(int64_t index) const { return objective.slice(index * micro_batch, micro_batch); }
  curvature::GradientGraph forward_graph(int64_t index);
  curvature::GradientGraph gradient_graph(int64_t index);
  // θ as one flat vector.
  at::Tensor flat_point() const;
  void add_gradient_graph(curvature::GradientGraph& graph, const curvature::Batch& part);
  void keep(int64_t index, const curvature::GradientGraph& graph, int64_t bytes);
  bool is_kept(int64_t index) const { return retained_[static_cast<size_t>(index)].has_outputs(); }

  // w += the batch's share of ∇L at a point; returns its share of L.
  double add_gradient(int64_t index, const curvature::Point& point, at::Tensor sum);
  void exact_hessian_product(const at::Tensor& v, at::Tensor result);
  // J v of one batch, and the outputs there: {z, ∂z}, both without history. By forward mode; where an operation lacks
  // that, from a gradient graph; where it lacks that too, by central differences.
  std::pair<at::Tensor, at::Tensor> push_forward(int64_t index, const std::vector<at::Tensor>& tangents);
  std::pair<at::Tensor, at::Tensor> push_forward_by_duals(int64_t index, const std::vector<at::Tensor>& tangents);
  // The same from a gradient graph, which a Hessian product keeps anyway; none where its operations do not allow it.
  c10::optional<std::pair<at::Tensor, at::Tensor>> push_forward_by_reverse(int64_t index,
                                                                           const std::vector<at::Tensor>& tangents);
  // w += Jᵀu of one batch.
  void pull_back(int64_t index, const at::Tensor& u, at::Tensor sum);
  // A derivative by central differences, or a failure that names the operation where halving the step disagrees.
  at::Tensor difference(const std::function<at::Tensor(const at::Tensor&)>& evaluate, const at::Tensor& v,
                        const curvature::Lack& lack);
  // Ends the analysis when a product is not finite, and says in which batch and tensor. `add_share` adds one batch's.
  void require_finite(const at::Tensor& v, const at::Tensor& result,
                      const std::function<void(int64_t, at::Tensor)>& add_share);

  curvature::Point point_;
  std::vector<at::Tensor> detached_;                // the leaves without history, for forward mode
  std::vector<curvature::GradientGraph> retained_;  // one a micro-batch; empty where the byte budget is used up
  int64_t retain_limit_;
  int64_t byte_limit_;
  curvature::Lack double_backward_;  // found out by the first attempt, like the next
  curvature::Lack forward_mode_;
  curvature::memory::Scope* scope_ = nullptr;  // of the call in progress
};
