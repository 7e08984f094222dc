#include "forward_mode.h"

namespace curvature {
namespace {
std::mutex& level_mutex() {
  static std::mutex mutex;
  return mutex;
}
}  // namespace

using torch::autograd::ForwardADLevel;

DualLevel::DualLevel() : lock_(level_mutex()), level_(ForwardADLevel::get_next_idx()) {}

DualLevel::~DualLevel() { ForwardADLevel::release_idx(level_); }

std::vector<at::Tensor> DualLevel::make(const std::vector<at::Tensor>& primals,
                                        const std::vector<at::Tensor>& tangents) const {
  std::vector<at::Tensor> duals;
  duals.reserve(primals.size());
  for (size_t i = 0; i < primals.size(); ++i)
    duals.push_back(at::_make_dual(primals[i], tangents[i], static_cast<int64_t>(level_)));
  return duals;
}

at::Tensor DualLevel::tangent(const at::Tensor& dual) const {
  const auto parts = at::_unpack_dual(dual, static_cast<int64_t>(level_));
  const auto& tangent = std::get<1>(parts);
  return tangent.defined() ? tangent : at::zeros_like(std::get<0>(parts));
}

at::Tensor DualLevel::primal(const at::Tensor& dual) const {
  return std::get<0>(at::_unpack_dual(dual, static_cast<int64_t>(level_)));
}

}  // namespace curvature
