#include "memory.h"

#include <atomic>
#include <new>

#include "blocks.h"
#include "status.h"
#include "torch_headers.h"

namespace curvature {
namespace memory {
namespace {

std::atomic<int64_t> live{0};
std::atomic<int64_t> peak{0};
thread_local Scope* current = nullptr;
thread_local Refusal refusal;

// The size of each block stands before it, in a space that keeps libtorch's alignment of 64 bytes.
constexpr size_t header_bytes = 64;

void count(int64_t bytes) {
  const auto now = live.fetch_add(bytes) + bytes;
  auto highest = peak.load();
  while (now > highest && !peak.compare_exchange_weak(highest, now)) {
  }
}

void release(void* data) {
  if (data == nullptr) return;
  auto* block = static_cast<char*>(data) - header_bytes;
  const auto bytes = *reinterpret_cast<int64_t*>(block);
  const auto left = live.fetch_sub(bytes) - bytes;
  if (current != nullptr) current->remove(bytes);
  blocks::give(block, static_cast<size_t>(bytes) + header_bytes, static_cast<size_t>(left),
               static_cast<size_t>(peak.load()));
}

class CountingAllocator final : public c10::Allocator {
 public:
#if TORCH_VERSION_MAJOR >= 3 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 3)
  c10::DataPtr allocate(size_t bytes) override { return take(bytes); }
  void copy_data(void* destination, const void* source, std::size_t count) const override {
    default_copy_data(destination, source, count);
  }
#else
  c10::DataPtr allocate(size_t bytes) const override { return take(bytes); }
#endif
  c10::DeleterFnPtr raw_deleter() const override { return &release; }

 private:
  static c10::DataPtr take(size_t bytes) {
    const c10::Device cpu(c10::DeviceType::CPU);
    if (bytes == 0) return {nullptr, nullptr, &release, cpu};
    if (current != nullptr) current->add(static_cast<int64_t>(bytes));
    char* block = nullptr;
    try {
      block = static_cast<char*>(blocks::take(bytes + header_bytes));
    } catch (...) {
      if (current != nullptr) current->remove(static_cast<int64_t>(bytes));
      throw;
    }
    *reinterpret_cast<int64_t*>(block) = static_cast<int64_t>(bytes);
    count(static_cast<int64_t>(bytes));
    return {block + header_bytes, block + header_bytes, &release, cpu};
  }
};

// libtorch knows one CPU allocator a process: this is the global state that it forces. It must be in place before the
// first tensor, hence a static initialiser; it is never destroyed, since tensors may outlive it at process exit.
const bool installed = [] {
  static auto* allocator = new CountingAllocator();
  c10::SetCPUAllocator(allocator, /*priority=*/100);
  return true;
}();

}  // namespace

int64_t live_bytes() { return live.load(); }
int64_t peak_bytes() { return peak.load(); }

Scope::Scope(int64_t already_held, int64_t limit)
    : outer_(current), net_(already_held), peak_(already_held), limit_(limit) {
  current = this;
  refusal = {};
}

Scope::~Scope() { current = outer_; }

void Scope::add(int64_t bytes) {
  if (net_ + bytes > limit_) {
    refusal = {net_, bytes, limit_};
    throw std::bad_alloc();
  }
  net_ += bytes;
  if (net_ > peak_) peak_ = net_;
}

std::string Refusal::text() const {
  return "out of memory budget: " + std::to_string(held) + " bytes held and " + std::to_string(asked) +
         " more asked for, the limit is " + std::to_string(limit) +
         "; raise the memory budget or lower the micro-batch";
}

bool has_refusal() { return refusal.happened(); }

Refusal take_refusal() {
  const auto last = refusal;
  refusal = {};
  return last;
}

}  // namespace memory
}  // namespace curvature
