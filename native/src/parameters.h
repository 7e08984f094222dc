// The flat view of a module: which places of which objects hold tensor i, and where it lies in the flat vector.
#pragma once

#include <string>
#include <vector>

#include "torch_headers.h"

namespace curvature {

// One tensor, tied or not: `places` are all slots that hold it, so a tied weight is one tensor with two places.
struct TensorSlot {
  struct Place {
    c10::intrusive_ptr<c10::ivalue::Object> object;
    size_t slot;
    c10::optional<size_t> element = c10::nullopt;  // where the slot holds a list of tensors
    void bind(const at::Tensor& tensor) const;
  };

  std::string name;
  std::vector<int64_t> shape;
  int64_t offset;
  int64_t count;
  std::vector<Place> places;

  at::Tensor tensor() const { return places.front().object->getSlot(places.front().slot).toTensor(); }
  void bind(const at::Tensor& tensor) const;
};

// The tensors of a module in its own order, flat offsets assigned in that order.
class TensorLayout {
 public:
  static TensorLayout parameters(const torch::jit::Module& module);
  static TensorLayout buffers(const torch::jit::Module& module);  // floating-point ones only

  const std::vector<TensorSlot>& slots() const { return slots_; }
  int64_t total() const { return total_; }

  void read(at::Tensor flat) const;          // tensors → flat
  void write(const at::Tensor& flat) const;  // flat → tensors, in place of what the slots hold now
  void bind(const std::vector<at::Tensor>& tensors) const;

  // Views of `flat`, one a tensor, detached one by one: differentiating through `narrow` of one flat leaf would cost P
  // for every tensor.
  std::vector<at::Tensor> split(const at::Tensor& flat) const;
  // flat[offset_i …] = or += tensors[i]; an undefined tensor counts as zeros.
  void gather(const std::vector<at::Tensor>& tensors, at::Tensor flat, bool accumulate) const;

 private:
  enum class Role { parameter, buffer };
  TensorLayout(const torch::jit::Module& module, Role role) {
    collect(module, "", role);
    collect_aliases(module);
  }
  void collect(const torch::jit::Module& module, const std::string& prefix, Role role);
  // Attributes that are no parameters but hold the same tensors: recurrent layers run on such a list, `_flat_weights`.
  void collect_aliases(const torch::jit::Module& module);
  void add(const std::string& name, const TensorSlot::Place& place, const at::Tensor& tensor);
  void add_alias(const TensorSlot::Place& place, const at::Tensor& tensor);

  std::vector<TensorSlot> slots_;
  int64_t total_ = 0;
};

}  // namespace curvature
