#include "forward_program.h"

#include <set>

#include "batch_norm.h"
#include "convolution.h"
#include "linear.h"
#include "max_pool.h"
#include "relu.h"
#include "status.h"

namespace curvature {
namespace {

using torch::jit::Block;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;

// Operands of aten::batch_norm.
constexpr size_t running_mean = 3, running_var = 4, training = 5, momentum = 6, epsilon = 7;

class Rewriter {
 public:
  Rewriter(Graph& graph, BatchNorm mode, at::ScalarType type, at::Device device)
      : graph_(graph), mode_(mode), type_(type), device_(device) {}

  void visit(Block* block) {
    auto nodes = block->nodes();
    for (auto next = nodes.begin(); next != nodes.end();) {
      Node* node = *next++;  // the node may be replaced
      for (Block* inner : node->blocks()) visit(inner);
      const std::string kind = node->kind().toQualString();
      if (kind == "aten::batch_norm") {
        set_batch_norm(node);
      } else if (is_dropout(kind)) {
        replace(node, 2, false);
      } else if (kind == "prim::Constant") {
        convert(node);
      } else if (kind == "aten::convolution" || kind == "aten::_convolution") {
        replace_by(convolution_operator, node, {node->inputs().begin(), node->inputs().begin() + 9});
      } else if (is_plain_convolution(node, kind)) {
        replace_plain_convolution(node);
      } else if (kind == "aten::linear") {
        replace_by(linear_operator, node, node->inputs().vec());
      } else if (kind == "aten::max_pool2d") {
        replace_by(max_pool2d_operator, node, node->inputs().vec());
      } else if (kind == "aten::relu" || (kind == "aten::relu_" && is_owned(node->input(0)))) {
        replace_by(relu_operator, node, node->inputs().vec());
      }
    }
  }

  bool found_batch_norm() const { return found_batch_norm_; }
  Value* momentum_input() const { return momentum_; }

 private:
  static bool is_dropout(const std::string& kind) {
    for (const char* name :
         {"aten::dropout", "aten::feature_dropout", "aten::alpha_dropout", "aten::feature_alpha_dropout",
          "aten::dropout_", "aten::feature_dropout_", "aten::alpha_dropout_"})
      if (kind == name) return true;
    return false;
  }

  // A fresh tensor that only its one user sees: whether that works in place makes no difference.
  static bool is_owned(Value* value) {
    static const std::set<std::string> fresh{convolution_operator, linear_operator,   stored_batch_norm_operator,
                                             "aten::batch_norm",   "aten::conv2d",    "aten::convolution",
                                             "aten::linear",       "aten::layer_norm"};
    return value->uses().size() == 1 && fresh.count(value->node()->kind().toQualString()) > 0;
  }

  // conv1d, conv2d, conv3d with padding as numbers; padding "same" or "valid" keeps libtorch's own operation.
  static bool is_plain_convolution(Node* node, const std::string& kind) {
    return (kind == "aten::conv1d" || kind == "aten::conv2d" || kind == "aten::conv3d") &&
           node->input(4)->type()->kind() == c10::TypeKind::ListType;
  }

  // (input, weight, bias, stride, padding, dilation, groups) lacks what only transposed convolutions have.
  void replace_plain_convolution(Node* node) {
    torch::jit::WithInsertPoint here(node);
    std::vector<Value*> operands(node->inputs().begin(), node->inputs().begin() + 6);
    operands.push_back(graph_.insertConstant(false));
    operands.push_back(graph_.insertConstant(std::vector<int64_t>{0}));
    operands.push_back(node->input(6));
    replace_by(convolution_operator, node, operands);
  }

  void replace_by(const char* operation, Node* node, const std::vector<Value*>& operands) {
    Node* ours = graph_.create(c10::Symbol::fromQualString(operation), operands);
    ours->insertBefore(node);
    ours->output()->setType(node->output()->type());
    node->output()->replaceAllUsesWith(ours->output());
    node->destroy();
  }

  void replace(Node* node, size_t operand, const c10::IValue& value) {
    torch::jit::WithInsertPoint here(node);
    node->replaceInput(operand, graph_.insertConstant(value));
  }

  void set_batch_norm(Node* node) {
    found_batch_norm_ = true;
    if (mode_ == BatchNorm::running) {
      replace_by(stored_batch_norm_operator, node,
                 {node->input(0), node->input(1), node->input(2), node->input(running_mean), node->input(running_var),
                  node->input(epsilon)});
      return;
    }
    replace(node, training, true);
    if (mode_ == BatchNorm::batch) {
      replace(node, running_mean, c10::IValue());
      replace(node, running_var, c10::IValue());
    } else if (mode_ == BatchNorm::reestimate) {
      if (momentum_ == nullptr) momentum_ = graph_.addInput("batch_norm_momentum")->setType(c10::FloatType::get());
      node->replaceInput(momentum, momentum_);
    }
  }

  // A traced graph may hold constants of the type and device it was traced with; mixed ones would promote or refuse.
  void convert(Node* node) {
    if (!node->hasAttribute(c10::attr::value) || node->kindOf(c10::attr::value) != torch::jit::AttributeKind::t) return;
    const auto constant = node->t(c10::attr::value);
    const auto type = constant.is_floating_point() ? type_ : constant.scalar_type();
    node->t_(c10::attr::value, constant.to(device_, type));
  }

  Graph& graph_;
  BatchNorm mode_;
  at::ScalarType type_;
  at::Device device_;
  bool found_batch_norm_ = false;
  Value* momentum_ = nullptr;
};

}  // namespace

ForwardProgram::ForwardProgram(const torch::jit::Module& module, BatchNorm mode, at::ScalarType type, at::Device device)
    : module_(module) {
  const auto method = module.find_method("forward");
  if (!method) invalid("the TorchScript module has no forward method");
  auto graph = method->graph()->copy();
  if (graph->inputs().size() != 2)
    invalid("forward takes " + std::to_string(graph->inputs().size() - 1) + " inputs; one tensor is expected");
  torch::jit::Inline(*graph);
  Rewriter rewriter(*graph, mode, type, device);
  rewriter.visit(graph->block());
  has_batch_norm_ = rewriter.found_batch_norm();
  takes_momentum_ = rewriter.momentum_input() != nullptr;
  // Run by the plain interpreter: no profiling, no warm-up, no optimiser between us and eager mode's results.
  code_ = std::make_unique<torch::jit::Code>(graph, "forward");
}

at::Tensor ForwardProgram::run(const at::Tensor& inputs) const {
  return run(std::vector<c10::IValue>{module_._ivalue(), inputs});
}

at::Tensor ForwardProgram::run(const at::Tensor& inputs, double momentum) const {
  std::vector<c10::IValue> stack{module_._ivalue(), inputs};
  if (takes_momentum_) stack.emplace_back(momentum);
  return run(std::move(stack));
}

at::Tensor ForwardProgram::run(std::vector<c10::IValue> stack) const {
  torch::jit::InterpreterState(*code_).run(stack);
  if (!stack.back().isTensor()) invalid("the model's forward returns no single tensor");
  return stack.back().toTensor();
}

}  // namespace curvature
