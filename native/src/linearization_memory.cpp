// What a linearization does when memory runs out: docs/memory.md gives the order.
#include <algorithm>

#include "linearization.h"
#include "status.h"

using curvature::memory::Refusal;
using curvature::memory::Scope;

// Counts one call's memory, and follows its peak however the call ends.
class cm_linearization::Watch {
 public:
  explicit Watch(cm_linearization& of) : of_(of), scope_(of.retained_bytes, of.byte_limit_) { of_.scope_ = &scope_; }
  ~Watch() {
    of_.scope_ = nullptr;
    of_.peak_bytes = std::max(of_.peak_bytes, scope_.peak());
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  cm_linearization& of_;
  Scope scope_;
};

void cm_linearization::measured(const std::function<void()>& body) {
  for (;;) {
    Refusal refusal;
    std::string message;
    {
      const Watch watch(*this);
      try {
        body();
        return;
      } catch (const std::exception& exception) {
        if (!curvature::memory_is_exhausted()) throw;
        refusal = curvature::memory::take_refusal();
        message = curvature::message_of(exception);
      }
    }
    // Out here the exception, and what it may have held, is gone.
    relieve(refusal, message);
  }
}

void cm_linearization::relieve(const Refusal& refusal, const std::string& message) {
  if (retain_limit_ > 0) {
    // First half of the graphs are given up, then half of those, then all.
    retain_limit_ = retained_batches() > 1 ? retained_bytes / 2 : 0;
    release_graphs();
    rebuilt = true;
  } else if (micro_batch > 1 && !objective.couples_samples()) {
    micro_batch = (micro_batch + 1) / 2;
    retained_.assign(static_cast<size_t>(batches()), {});
  } else {
    refuse(refusal, message);
  }
}

void cm_linearization::release_graphs() {
  for (auto& graph : retained_) graph = {};
  retained_bytes = 0;
}

void cm_linearization::refuse(const Refusal& refusal, const std::string& message) {
  const bool bound = objective.couples_samples() && micro_batch > 1;
  const auto how = (micro_batch == 1 ? std::string("one sample") : std::to_string(micro_batch) + " samples") +
                   " a micro-batch and no graph kept";
  const auto remedy =
      std::string(bound ? "raise the memory budget, or lower the micro-batch or measure with batch norm in "
                          "mode eval, both of which change what is measured"
                        : "raise the memory budget");
  if (!refusal.happened())
    throw curvature::Failure(CM_OUT_OF_MEMORY, message + "; that was with " + how + ": " + remedy);
  const auto least = refusal.held + refusal.asked;
  const auto estimated = bound ? estimate(micro_batch) : 0;
  const auto needed = estimated > least ? "about " + std::to_string(estimated) : "more than " + std::to_string(least);
  throw curvature::Failure(CM_OUT_OF_MEMORY, "out of memory budget: a curvature product needs " + needed +
                                                 " bytes with " + how + ", the limit is " +
                                                 std::to_string(refusal.limit) + "; " + remedy);
}

int64_t cm_linearization::estimate(int64_t length) {
  // Two samples at least, since batch norm in mode `train` refuses one where an image has a single pixel.
  const auto few = std::min<int64_t>(2, length), more = std::min<int64_t>(4, length);
  const auto base = peak_of_product(few);
  if (base <= 0 || length <= few) return base;
  const auto above = peak_of_product(more);
  if (above <= 0) return 0;
  return base + (above - base) * (length - few) / (more - few);
}

int64_t cm_linearization::peak_of_product(int64_t length) {
  if (detached_.empty()) return 0;
  Scope scope(0, byte_limit_);
  try {
    auto result = at::zeros_like(gradient);
    curvature::GradientGraph graph;
    add_gradient_graph(graph, objective.slice(0, length));
    // Any direction will do, and θ is at hand.
    graph.add_hessian_product(objective.parameters, point_.leaves, detached_, /*keep=*/false, result);
    return scope.peak();
  } catch (const std::exception&) {
    // Not even that fits, or it cannot be differentiated: there is nothing to extrapolate from.
    curvature::memory::take_refusal();
    return 0;
  }
}
