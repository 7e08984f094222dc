#include "script_model.h"

#include <cstring>
#include <map>

#include "status.h"
#include "vector.h"

using curvature::guard;
using curvature::TensorLayout;

namespace {

torch::jit::Module converted(torch::jit::Module module, at::ScalarType type, at::Device device) {
  // Only floating-point tensors change type: counters such as num_batches_tracked stay integers. A tied tensor is
  // converted once, since the layout knows its places.
  for (const auto& layout : {TensorLayout::parameters(module), TensorLayout::buffers(module)})
    for (const auto& slot : layout.slots()) slot.bind(slot.tensor().detach().to(device, type).contiguous().clone());
  module.eval();
  return module;
}

// Registers `tensor` under a dotted name, making the submodules on the way.
class ModuleBuilder {
 public:
  explicit ModuleBuilder(const std::string& name) : name_(name), root_("__torch__." + name) {}

  void add(const std::string& dotted, const at::Tensor& tensor, bool is_buffer) {
    const auto dot = dotted.rfind('.');
    if (dot == std::string::npos) {
      root_.register_parameter(dotted, tensor, is_buffer);
    } else {
      submodule(dotted.substr(0, dot)).register_parameter(dotted.substr(dot + 1), tensor, is_buffer);
    }
  }

  torch::jit::Module define(const std::string& source) {
    // The parser wants the last line ended.
    root_.define(source + "\n");
    return root_;
  }

 private:
  torch::jit::Module& submodule(const std::string& path) {
    const auto known = children_.find(path);
    if (known != children_.end()) return known->second;
    const auto dot = path.rfind('.');
    auto& parent = dot == std::string::npos ? root_ : submodule(path.substr(0, dot));
    auto type_name = path;
    std::replace(type_name.begin(), type_name.end(), '.', '_');
    // Joined to its parent at once, so that the flat order is the order of first appearance.
    const torch::jit::Module child("__torch__." + name_ + "_" + type_name);
    parent.register_module(dot == std::string::npos ? path : path.substr(dot + 1), child);
    return children_.emplace(path, child).first->second;
  }

  std::string name_;
  torch::jit::Module root_;
  std::map<std::string, torch::jit::Module> children_;
};

std::string describe(const TensorLayout& layout) {
  std::string text;
  for (const auto& slot : layout.slots()) {
    text += slot.name + '\t';
    for (size_t d = 0; d < slot.shape.size(); ++d) text += (d == 0 ? "" : ",") + std::to_string(slot.shape[d]);
    text += '\n';
  }
  return text;
}

}  // namespace

cm_script_model::cm_script_model(torch::jit::Module script, at::ScalarType element_type, at::Device on)
    : module(converted(std::move(script), element_type, on)),
      type(element_type),
      device(on),
      parameters(TensorLayout::parameters(module)),
      buffers(TensorLayout::buffers(module)) {}

torch::jit::Module cm_script_model::copy() const {
  const std::lock_guard<std::mutex> lock(copying_);
  // deepcopy keeps aliases, so tied weights stay tied in the copy.
  return module.deepcopy();
}

extern "C" {

cm_status cm_script_model_load(const char* path, int32_t type, int32_t device, cm_script_model** out, cm_error* error) {
  return guard(error, [&] {
    const auto on = curvature::device(device);
    *out = new cm_script_model(torch::jit::load(path, on), curvature::element_type(type), on);
  });
}

cm_status cm_script_model_define(const char* name, const char* source, const char* const* names, const int32_t* ranks,
                                 const int64_t* dims, int32_t parameters, int32_t buffers, int32_t type, int32_t device,
                                 cm_script_model** out, cm_error* error) {
  return guard(error, [&] {
    const auto on = curvature::device(device);
    const auto options = at::TensorOptions().dtype(curvature::element_type(type)).device(on);
    ModuleBuilder builder(name);
    for (int32_t i = 0; i < parameters + buffers; ++i) {
      builder.add(names[i], at::zeros(at::IntArrayRef(dims, static_cast<size_t>(ranks[i])), options), i >= parameters);
      dims += ranks[i];
    }
    *out = new cm_script_model(builder.define(source), curvature::element_type(type), on);
  });
}

void cm_script_model_free(cm_script_model* model) { delete model; }

cm_status cm_script_model_save(cm_script_model* model, const char* path, cm_error* error) {
  return guard(error, [&] { model->module.save(path); });
}

cm_status cm_script_model_slots(cm_script_model* model, int32_t buffers, char* text, int64_t capacity, int64_t* written,
                                cm_error* error) {
  return guard(error, [&] {
    const auto lines = describe(model->layout(buffers != 0));
    *written = static_cast<int64_t>(lines.size());
    std::memcpy(text, lines.data(), static_cast<size_t>(std::min(*written, capacity)));
  });
}

cm_status cm_script_model_read(cm_script_model* model, int32_t buffers, cm_vector* destination, cm_error* error) {
  return guard(error, [&] {
    const auto& layout = model->layout(buffers != 0);
    curvature::require_length(destination->values, layout.total(), "the destination");
    layout.read(destination->values);
  });
}

cm_status cm_script_model_write(cm_script_model* model, int32_t buffers, cm_vector* source, cm_error* error) {
  return guard(error, [&] {
    const auto& layout = model->layout(buffers != 0);
    curvature::require_length(source->values, layout.total(), "the source");
    layout.write(source->values);
  });
}

}  // extern "C"
