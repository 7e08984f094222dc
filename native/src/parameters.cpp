#include "parameters.h"

namespace curvature {
namespace {

bool same_tensor(const at::Tensor& a, const at::Tensor& b) {
  return a.numel() > 0 && a.data_ptr() == b.data_ptr() && a.sizes() == b.sizes() && a.strides() == b.strides();
}

}  // namespace

void TensorSlot::Place::bind(const at::Tensor& tensor) const {
  if (element) {
    object->getSlot(slot).toTensorList().set(*element, tensor);
  } else {
    object->setSlot(slot, tensor);
  }
}

void TensorSlot::bind(const at::Tensor& tensor) const {
  for (const auto& place : places) place.bind(tensor);
}

TensorLayout TensorLayout::parameters(const torch::jit::Module& module) { return {module, Role::parameter}; }
TensorLayout TensorLayout::buffers(const torch::jit::Module& module) { return {module, Role::buffer}; }

void TensorLayout::collect(const torch::jit::Module& module, const std::string& prefix, Role role) {
  const auto type = module.type();
  const auto object = module._ivalue();
  for (size_t slot = 0; slot < type->numAttributes(); ++slot) {
    const auto value = object->getSlot(slot);
    const auto name = prefix.empty() ? type->getAttributeName(slot) : prefix + "." + type->getAttributeName(slot);
    if (value.isModule()) {
      collect(value.toModule(), name, role);
    } else if (value.isTensor() && value.toTensor().defined()) {
      const bool wanted = role == Role::parameter ? type->is_parameter(slot) : type->is_buffer(slot);
      if (wanted && value.toTensor().is_floating_point()) add(name, {object, slot}, value.toTensor());
    }
  }
}

void TensorLayout::collect_aliases(const torch::jit::Module& module) {
  const auto type = module.type();
  const auto object = module._ivalue();
  for (size_t slot = 0; slot < type->numAttributes(); ++slot) {
    const auto value = object->getSlot(slot);
    if (value.isModule()) {
      collect_aliases(value.toModule());
    } else if (value.isTensor() && !type->is_parameter(slot) && !type->is_buffer(slot)) {
      if (value.toTensor().defined()) add_alias({object, slot}, value.toTensor());
    } else if (value.isTensorList()) {
      const auto list = value.toTensorList();
      for (size_t i = 0; i < list.size(); ++i) add_alias({object, slot, i}, list.get(i));
    }
  }
}

void TensorLayout::add_alias(const TensorSlot::Place& place, const at::Tensor& tensor) {
  for (auto& known : slots_) {
    if (!same_tensor(known.tensor(), tensor)) continue;
    known.places.push_back(place);
    return;
  }
}

void TensorLayout::add(const std::string& name, const TensorSlot::Place& place, const at::Tensor& tensor) {
  for (auto& known : slots_) {
    if (same_tensor(known.tensor(), tensor)) {
      known.places.push_back(place);
      return;
    }
  }
  slots_.push_back({name, tensor.sizes().vec(), total_, tensor.numel(), {place}});
  total_ += tensor.numel();
}

void TensorLayout::read(at::Tensor flat) const {
  for (const auto& slot : slots_) flat.narrow(0, slot.offset, slot.count).copy_(slot.tensor().detach().reshape({-1}));
}

void TensorLayout::write(const at::Tensor& flat) const {
  for (const auto& slot : slots_)
    slot.tensor().detach().copy_(flat.narrow(0, slot.offset, slot.count).view(slot.shape));
}

void TensorLayout::bind(const std::vector<at::Tensor>& tensors) const {
  for (size_t i = 0; i < slots_.size(); ++i) slots_[i].bind(tensors[i]);
}

std::vector<at::Tensor> TensorLayout::split(const at::Tensor& flat) const {
  std::vector<at::Tensor> tensors;
  tensors.reserve(slots_.size());
  for (const auto& slot : slots_) tensors.push_back(flat.narrow(0, slot.offset, slot.count).view(slot.shape).detach());
  return tensors;
}

void TensorLayout::gather(const std::vector<at::Tensor>& tensors, at::Tensor flat, bool accumulate) const {
  for (size_t i = 0; i < slots_.size(); ++i) {
    auto part = flat.narrow(0, slots_[i].offset, slots_[i].count).view(slots_[i].shape);
    if (tensors[i].defined()) {
      accumulate ? part.add_(tensors[i]) : part.copy_(tensors[i]);
    } else if (!accumulate) {
      part.zero_();
    }
  }
}

}  // namespace curvature
