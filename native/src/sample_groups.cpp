#include "sample_groups.h"

#include <cmath>

#include "basis.h"
#include "forward_mode.h"
#include "status.h"
#include "vector.h"

using curvature::guard;
using torch::autograd::grad;

namespace curvature {
namespace {

// One group's loss at the point, with the graphs that its products share.
class Group {
 public:
  Group(cm_linearization& at, const SampleGroups& groups, int64_t index)
      : objective_(at.objective), point_(at.point()) {
    const auto start = groups.starts[static_cast<size_t>(index)];
    size_ = groups.starts[static_cast<size_t>(index) + 1] - start;
    const auto chosen = groups.order.narrow(0, start, size_);
    inputs_ = objective_.inputs.index_select(0, chosen);
    graph_.outputs = objective_.forward(point_, inputs_);
    loss_ = summed_loss(objective_.loss, graph_.outputs, objective_.targets.index_select(0, chosen)) /
            static_cast<double>(size_);
  }

  // ∇L_B, no graph kept.
  void gradient(at::Tensor flat) const {
    objective_.parameters.gather(grad({loss_}, point_.leaves, {}, false, false, /*allow_unused=*/true), flat, false);
  }

  // ∇L_B, and the graph that products need.
  void differentiable_gradient(at::Tensor flat) {
    linearize();
    objective_.parameters.gather(graph_.gradients, flat, false);
  }

  void product(GroupOperator kind, const at::Tensor& v, at::Tensor result) {
    const auto directions = objective_.parameters.split(v);
    result.zero_();
    if (kind != GroupOperator::gauss_newton) add_hessian(directions, result);
    if (kind == GroupOperator::residual) result.neg_();
    if (kind != GroupOperator::hessian) add_gauss_newton(directions, result);
    if (kind == GroupOperator::residual) result.neg_();
  }

 private:
  void linearize() {
    if (!graph_.has_gradients()) graph_.differentiate(loss_, point_.leaves);
  }

  void add_hessian(const std::vector<at::Tensor>& directions, at::Tensor result) {
    linearize();
    graph_.add_hessian_product(objective_.parameters, point_.leaves, directions, /*keep=*/true, result);
  }

  void add_gauss_newton(const std::vector<at::Tensor>& directions, at::Tensor result) {
    const auto tangent = push_forward(directions);
    const auto u =
        output_hessian_product(objective_.loss, graph_.outputs.detach(), tangent) / static_cast<double>(size_);
    objective_.parameters.gather(
        grad({graph_.outputs}, point_.leaves, {u}, /*retain_graph=*/true, false, /*allow_unused=*/true), result, true);
  }

  // J v from the gradient's graph; by forward mode where an operation has no double backward.
  at::Tensor push_forward(const std::vector<at::Tensor>& directions) {
    if (!by_forward_mode_) {
      try {
        linearize();
        return graph_.push_forward(directions, /*keep=*/true).value_or(at::zeros_like(graph_.outputs));
      } catch (const std::exception& exception) {
        if (!is_unsupported_operation(exception)) throw;
        by_forward_mode_ = true;
      }
    }
    at::NoGradGuard no_gradients;
    std::vector<at::Tensor> plain;
    for (const auto& leaf : point_.leaves) plain.push_back(leaf.detach());
    const DualLevel level;
    const auto tangent = level.tangent(objective_.forward({level.make(plain, directions), point_.buffers}, inputs_));
    // No dual may stay in the module when the level ends.
    objective_.parameters.bind(plain);
    return tangent;
  }

  cm_objective& objective_;
  const Point& point_;
  int64_t size_;
  at::Tensor inputs_;
  at::Tensor loss_;
  GradientGraph graph_;
  bool by_forward_mode_ = false;
};

// Runs `body` for every group under the linearization's byte limit, and follows the peak. A group is one batch and
// cannot be split; graphs that products keep are given up for it.
template <typename Body>
void for_each_group(cm_linearization& at, const SampleGroups& groups, Body&& body) {
  for (;;) {
    {
      memory::Scope scope(at.retained_bytes, at.byte_limit());
      try {
        for (int64_t index = 0; index < groups.count(); ++index) {
          Group group(at, groups, index);
          body(index, group);
        }
        at.peak_bytes = std::max(at.peak_bytes, scope.peak());
        return;
      } catch (...) {
        at.peak_bytes = std::max(at.peak_bytes, scope.peak());
        if (at.retained_bytes == 0 || !memory_is_exhausted()) throw;
        memory::take_refusal();
      }
    }
    at.release_graphs();
    at.rebuilt = true;
  }
}

}  // namespace

void group_gradient_squares(cm_linearization& at, const SampleGroups& groups, const at::Tensor& centre,
                            double* squares) {
  auto gradient = at::empty_like(at.gradient);
  for_each_group(at, groups, [&](int64_t index, Group& group) {
    group.gradient(gradient);
    if (centre.defined()) gradient.sub_(centre);
    squares[index] = curvature::dot(gradient, gradient);
  });
}

void group_product_squares(cm_linearization& at, GroupOperator kind, const SampleGroups& groups,
                           const at::Tensor& directions, const at::Tensor& centres, double* squares) {
  auto product = at::empty_like(at.gradient);
  const auto count = directions.size(0);
  for_each_group(at, groups, [&](int64_t index, Group& group) {
    for (int64_t i = 0; i < count; ++i) {
      group.product(kind, directions.select(0, i), product);
      if (centres.defined()) product.sub_(centres.select(0, i));
      squares[index * count + i] = curvature::dot(product, product);
    }
  });
}

void group_rayleigh_quotients(cm_linearization& at, GroupOperator kind, const SampleGroups& groups, double* quotients) {
  auto gradient = at::empty_like(at.gradient);
  auto product = at::empty_like(at.gradient);
  for_each_group(at, groups, [&](int64_t index, Group& group) {
    group.differentiable_gradient(gradient);
    group.product(kind, gradient, product);
    // Not a number for a zero gradient, which has no direction.
    quotients[index] = curvature::dot(gradient, product) / curvature::dot(gradient, gradient);
  });
}

}  // namespace curvature

namespace {

curvature::SampleGroups groups_of(const cm_linearization* linearization, const int64_t* order, const int64_t* starts,
                                  int64_t count) {
  const auto samples = linearization->objective.samples();
  if (count < 1) curvature::invalid("there is no group of samples");
  curvature::SampleGroups groups;
  groups.starts.assign(starts, starts + count + 1);
  for (int64_t j = 0; j < count; ++j)
    if (starts[j] < 0 || starts[j + 1] <= starts[j])
      curvature::invalid("group " + std::to_string(j) + " has no sample");
  const auto chosen = curvature::host_view(order, {starts[count]}, at::kLong);
  if (chosen.min().item<int64_t>() < 0 || chosen.max().item<int64_t>() >= samples)
    curvature::invalid("a sample index lies outside 0 … " + std::to_string(samples - 1));
  groups.order = chosen.to(linearization->objective.inputs.device());
  return groups;
}

curvature::GroupOperator operator_of(int32_t code) {
  if (code < 0 || code > 2) curvature::invalid("operator " + std::to_string(code) + " is unknown");
  return static_cast<curvature::GroupOperator>(code);
}

void require_alike(const cm_linearization* linearization, const at::Tensor& values, int64_t length, const char* what) {
  if (length != linearization->objective.parameters.total())
    curvature::invalid(std::string(what) + " has " + std::to_string(length) + " numbers where " +
                       std::to_string(linearization->objective.parameters.total()) + " are needed");
  if (values.scalar_type() != linearization->gradient.scalar_type() ||
      values.device() != linearization->gradient.device())
    curvature::invalid(std::string(what) + " differs from the parameters in element type or device");
}

at::Tensor rows_of(const cm_linearization* linearization, const cm_basis* basis, const char* what) {
  require_alike(linearization, basis->rows, basis->rows.size(1), what);
  return basis->used();
}

}  // namespace

extern "C" {

cm_status cm_groups_gradient_squares(cm_linearization* linearization, const int64_t* order, const int64_t* starts,
                                     int64_t groups, cm_vector* centre, double* squares, cm_error* error) {
  return guard(error, [&] {
    const auto chosen = groups_of(linearization, order, starts, groups);
    require_alike(linearization, centre->values, centre->values.numel(), "the centre");
    curvature::group_gradient_squares(*linearization, chosen, centre->values, squares);
  });
}

cm_status cm_groups_product_squares(cm_linearization* linearization, int32_t kind, const int64_t* order,
                                    const int64_t* starts, int64_t groups, cm_basis* directions, cm_basis* centres,
                                    double* squares, cm_error* error) {
  return guard(error, [&] {
    const auto which = operator_of(kind);
    const auto chosen = groups_of(linearization, order, starts, groups);
    const auto along = rows_of(linearization, directions, "a direction");
    const auto middle = rows_of(linearization, centres, "a centre");
    if (middle.size(0) != along.size(0))
      curvature::invalid(std::to_string(middle.size(0)) + " centres for " + std::to_string(along.size(0)) +
                         " directions");
    curvature::group_product_squares(*linearization, which, chosen, along, middle, squares);
  });
}

cm_status cm_groups_rayleigh_quotients(cm_linearization* linearization, int32_t kind, const int64_t* order,
                                       const int64_t* starts, int64_t groups, double* quotients, cm_error* error) {
  return guard(error, [&] {
    const auto which = operator_of(kind);
    curvature::group_rayleigh_quotients(*linearization, which, groups_of(linearization, order, starts, groups),
                                        quotients);
  });
}

cm_status cm_objective_has_batch_norm(cm_objective* objective, int32_t* has_batch_norm, cm_error* error) {
  return guard(error, [&] { *has_batch_norm = objective->has_batch_norm() ? 1 : 0; });
}

cm_status cm_vector_segment_dots(cm_vector* a, cm_vector* b, const int64_t* ends, int64_t segments, double* dots,
                                 cm_error* error) {
  return guard(error, [&] {
    curvature::require_length(b->values, a->values.numel(), "the second vector");
    int64_t start = 0;
    for (int64_t i = 0; i < segments; ++i) {
      if (ends[i] < start || ends[i] > a->values.numel()) curvature::invalid("the segments do not fit the vector");
      dots[i] =
          curvature::dot(a->values.narrow(0, start, ends[i] - start), b->values.narrow(0, start, ends[i] - start));
      start = ends[i];
    }
  });
}

}  // extern "C"
