// Forward-mode derivatives: dual numbers whose tangent part is a directional derivative.
#pragma once

#include <mutex>

#include "torch_headers.h"

namespace curvature {

// libtorch has one dual level a process: one at a time, and released even when an operation throws, else every later
// forward-mode call fails.
class DualLevel {
 public:
  DualLevel();
  ~DualLevel();
  DualLevel(const DualLevel&) = delete;
  DualLevel& operator=(const DualLevel&) = delete;

  std::vector<at::Tensor> make(const std::vector<at::Tensor>& primals, const std::vector<at::Tensor>& tangents) const;
  // The tangent of `dual`; zeros where no dual input reached it.
  at::Tensor tangent(const at::Tensor& dual) const;
  at::Tensor primal(const at::Tensor& dual) const;

 private:
  std::unique_lock<std::mutex> lock_;
  uint64_t level_;
};

}  // namespace curvature
